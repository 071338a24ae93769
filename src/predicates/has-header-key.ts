import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import { nonEmptyString } from '../api/config-validators';
import type { Props } from '../api/connector';
import type { PredicatePlugin } from '../api/plugin';
import type { Predicate } from '../api/transformation';
import type { ConnectRecord } from '../data/record';

const CONFIG = new ConfigDef().define({
  name: 'name',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  validator: nonEmptyString,
  importance: 'MEDIUM',
  doc: 'The header name.',
});

/** True for records with at least one header of this key (org.apache.kafka.connect.transforms.predicates.HasHeaderKey). */
class HasHeaderKey implements Predicate {
  private name = '';

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.name = CONFIG.parse(props).getString('name');
  }

  test(record: ConnectRecord): boolean {
    return record.headers.some(({ key }) => key === this.name);
  }

  close(): void {}
}

export const hasHeaderKeyPlugin: PredicatePlugin = {
  className: 'org.apache.kafka.connect.transforms.predicates.HasHeaderKey',
  version: '4.3.0',
  type: 'predicate',
  create: () => new HasHeaderKey(),
};
