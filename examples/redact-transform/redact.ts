/**
 * A transformation of your own: hides what matches a pattern in the text of values, such as passwords, before it reaches Kafka.
 *
 *   npm install && npm test
 *   connect-standalone worker.properties source.properties
 *
 * worker.properties has `plugin.path=.`: this folder is a plugin, since its package.json names the module in `connect-standalone`.
 * source.properties names the class below.
 */
import {
  ConfigDef,
  type ConnectRecord,
  changeRecord,
  invalidValue,
  NO_DEFAULT,
  type Props,
  Struct,
  type Transformation,
  type TransformationPlugin,
} from 'connect-standalone/api';

/** The settings, each declared once: parsing, validation over REST and the defaults come from here. */
const CONFIG = new ConfigDef()
  .define({
    name: 'pattern',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: (key, value) => void parsePattern(key, String(value)),
    importance: 'HIGH',
    doc: 'Regular expression (of JavaScript) for what must not be seen.',
  })
  .define({ name: 'replacement', type: 'STRING', defaultValue: '***', importance: 'LOW', doc: 'What stands in its place.' });

/** A validator throws a ConfigException, as `invalidValue` makes it; REST then shows the text beside the key. */
function parsePattern(key: string, text: string): RegExp {
  try {
    return new RegExp(text, 'g');
  } catch (error) {
    throw invalidValue(key, text, (error as Error).message);
  }
}

class Redact implements Transformation {
  private pattern = /(?!)/g;
  private replacement = '';

  config(): ConfigDef {
    return CONFIG;
  }

  /** Called once, before the first record. */
  configure(props: Props): void {
    const config = CONFIG.parse(props);
    this.pattern = parsePattern('pattern', config.getString('pattern'));
    this.replacement = config.getString('replacement');
  }

  /** Records are never changed: a new one is made if there is something to hide. Null instead of a record would drop it. */
  apply<R extends ConnectRecord>(record: R): R {
    const value = this.redact(record.value);
    return value === record.value ? record : changeRecord(record, { value });
  }

  /** Text itself, and text in the fields of a struct or map; anything else is returned as it is. */
  private redact(value: unknown): unknown {
    if (typeof value === 'string') return value.replace(this.pattern, () => this.replacement);
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, this.redact(item)]));
    if (!(value instanceof Struct)) return value;
    const copy = new Struct(value.schema);
    for (const field of value.schema.fields ?? []) copy.put(field, this.redact(value.getWithoutDefault(field.name)));
    return copy;
  }

  close(): void {}
}

/** What the worker looks for: an exported descriptor. The class name is the one that connectors use; it only has to be unique. */
export const redactPlugin: TransformationPlugin = {
  className: 'com.example.Redact',
  version: '1.0.0',
  type: 'transformation',
  create: () => new Redact(),
};
