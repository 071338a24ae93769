import { ConfigDef } from '../../api/config-def';
import { kafkaPredicate } from './kafka-predicate';

/** True for records without value (org.apache.kafka.connect.transforms.predicates.RecordIsTombstone). */
export const recordIsTombstonePlugin = kafkaPredicate('RecordIsTombstone', new ConfigDef(), () => ({
  test: ({ value }) => value === null || value === undefined,
  testShape: ({ value }) => (value.kind === 'cell' && value.cell.schema.optional ? null : value.kind === 'none'),
}));
