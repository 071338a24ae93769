import { ConfigDef, NO_DEFAULT } from '../../api/config-def';
import { nonEmptyString } from '../../api/config-validators';
import { kafkaPredicate } from './kafka-predicate';

const CONFIG = new ConfigDef().define({
  name: 'name',
  type: 'STRING',
  defaultValue: NO_DEFAULT,
  validator: nonEmptyString,
  importance: 'MEDIUM',
  doc: 'The header name.',
});

/** True for records with at least one header of this key (org.apache.kafka.connect.transforms.predicates.HasHeaderKey). */
export const hasHeaderKeyPlugin = kafkaPredicate('HasHeaderKey', CONFIG, config => {
  const name = config.getString('name');
  const test = ({ headers }: { readonly headers: readonly { readonly key: string }[] }): boolean => headers.some(({ key }) => key === name);
  return { test, testShape: test };
});
