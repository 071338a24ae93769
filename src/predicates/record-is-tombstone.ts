import { ConfigDef } from '../api/config-def';
import type { PredicatePlugin } from '../api/plugin';
import type { Predicate } from '../api/transformation';
import type { ConnectRecord } from '../data/record';

const CONFIG = new ConfigDef();

/** True for records without value (org.apache.kafka.connect.transforms.predicates.RecordIsTombstone). */
class RecordIsTombstone implements Predicate {
  config(): ConfigDef {
    return CONFIG;
  }

  configure(): void {}

  test(record: ConnectRecord): boolean {
    return record.value === null;
  }

  close(): void {}
}

export const recordIsTombstonePlugin: PredicatePlugin = {
  className: 'org.apache.kafka.connect.transforms.predicates.RecordIsTombstone',
  version: '4.3.0',
  type: 'predicate',
  create: () => new RecordIsTombstone(),
};
