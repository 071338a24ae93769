import { ConfigDef, NO_DEFAULT } from '../api/config-def';
import { validString } from '../api/config-validators';

/** The key that every converter of Kafka Connect defines and that the worker sets (ConverterConfig). */
export const CONVERTER_TYPE = 'converter.type';

/** The definition that converters extend by their own keys. */
export function newConverterConfigDef(): ConfigDef {
  return new ConfigDef().define({
    name: CONVERTER_TYPE,
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: validString('key', 'value', 'header'),
    importance: 'LOW',
    doc: 'How this converter will be used.',
  });
}
