import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { anyNonDuplicateValues } from '../api/config-validators';
import type { ChangedShape, RecordShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord } from '../data/record/record';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';

const CONFIG = new ConfigDef().define({
  name: 'headers',
  type: 'LIST',
  defaultValue: NO_DEFAULT,
  validator: anyNonDuplicateValues(false, false),
  importance: 'HIGH',
  doc: 'The name of the headers to be removed.',
});

/** Removes all headers with certain keys (org.apache.kafka.connect.transforms.DropHeaders). */
class DropHeaders implements RecordChange {
  private readonly dropped: ReadonlySet<string>;

  constructor(config: ParsedConfig) {
    this.dropped = new Set(config.getList('headers'));
  }

  apply<R extends ConnectRecord>(record: R): R {
    return changeRecord(record, { headers: record.headers.filter(({ key }) => !this.dropped.has(key)) });
  }

  changeShape(shape: RecordShape): ChangedShape {
    return { ...shape, headers: shape.headers.filter(({ key }) => !this.dropped.has(key)) };
  }
}

export const dropHeadersPlugin = wholeRecordPlugin('DropHeaders', CONFIG, DropHeaders);
