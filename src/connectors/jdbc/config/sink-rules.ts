/** Rules across settings of JdbcSink. */
import type { Flavour } from '../database/values/flavour';
import type { CheckedValues } from './validation';

const KAFKA_COLUMNS = 3;

/** Adds an error for each rule that is broken. */
export function checkSinkRules(checked: CheckedValues, flavour: Flavour): void {
  const pkMode = checked.text('pk.mode').toLowerCase();
  const fields = checked.list('pk.fields');
  if (checked.text('delete.enabled') === 'true' && pkMode !== 'record_key') {
    checked.fail('Deletes are only supported for pk.mode record_key', 'delete.enabled');
  }
  if (pkMode === 'kafka' && fields.length !== KAFKA_COLUMNS && !(fields.length === 0 && flavour === 'confluent')) {
    checked.fail('With pk.mode=kafka, pk.fields names the three columns for topic, partition and offset', 'pk.fields');
  }
}
