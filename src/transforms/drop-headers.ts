import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import { anyNonDuplicateValues } from '../api/config-validators';
import type { Props } from '../api/connector';
import type { Transformation } from '../api/transformation';
import { changeRecord } from '../data/change-record';
import type { ConnectRecord } from '../data/record';
import { wholeRecordPlugin } from './record-part';

const CONFIG = new ConfigDef().define({
  name: 'headers',
  type: 'LIST',
  defaultValue: NO_DEFAULT,
  validator: anyNonDuplicateValues(false, false),
  importance: 'HIGH',
  doc: 'The name of the headers to be removed.',
});

/** Removes all headers with certain keys (org.apache.kafka.connect.transforms.DropHeaders). */
class DropHeaders implements Transformation {
  private dropped: ReadonlySet<string> = new Set();

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.dropped = new Set(CONFIG.parse(props).getList('headers'));
  }

  apply<R extends ConnectRecord>(record: R): R {
    return changeRecord(record, { headers: record.headers.filter(({ key }) => !this.dropped.has(key)) });
  }

  close(): void {}
}

export const dropHeadersPlugin = wholeRecordPlugin('DropHeaders', () => new DropHeaders());
