import {
  ConfigDef,
  ConnectError,
  type ConnectRecord,
  changeRecord,
  NO_DEFAULT,
  type Predicate,
  type Props,
  STRING_SCHEMA,
  Struct,
  type Transformation,
} from '../../src/api';
import { predicateChecks, sourceRecord, transformationChecks } from '../../src/testing';
import { testKit } from '../helpers/fakes/failing-checks';

const CONFIG = new ConfigDef()
  .define({ name: 'prefix', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'What topics begin with.' })
  .define({ name: 'times', type: 'INT', defaultValue: 1, importance: 'LOW', doc: 'Unused.' });

const SUBJECT = { props: { prefix: 'p-' }, samples: [sourceRecord({ value: 'text' })] };

/** What both kinds have. */
class Step {
  protected prefix: string | null = null;

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.prefix = CONFIG.parse(props).getString('prefix');
  }

  close(): void {}
}

const WRONG_SETTINGS = {
  'configure reads no setting that config() does not declare': (props: Props): Props => (props.pre ? {} : props),
  'configure refuses what will not do with a ConfigException that names the setting': (props: Props): Props => ({ ...props, times: '1' }),
  'configure asks for each setting that has no default': (props: Props): Props => ({ prefix: 'p-', ...props }),
};

describe('transformations', () => {
  /** Puts a prefix before the topic. */
  class Prefix extends Step implements Transformation {
    apply<R extends ConnectRecord>(record: R): R | null {
      return changeRecord(record, { topic: `${this.prefix}${record.topic}` });
    }
  }

  const withSettings = (change: (props: Props) => Props) =>
    class extends Prefix {
      override configure(props: Props): void {
        super.configure(change(props));
      }
    };
  const [undeclared, lenient, generous] = Object.entries(WRONG_SETTINGS);

  testKit<new () => Transformation>(
    Type =>
      transformationChecks({
        ...SUBJECT,
        plugin: { type: 'transformation', className: 'test.Prefix', version: '1', create: () => new Type() },
      }),
    Prefix,
    {
      ...Object.fromEntries([undeclared, lenient, generous].flatMap(one => (one ? [[one[0], withSettings(one[1])]] : []))),
      'the records that it is made for are taken': class extends Prefix {
        override apply<R extends ConnectRecord>(record: R): R | null {
          if (record.value === 'text') throw new ConnectError('DataException', 'no texts');
          return super.apply(record);
        }
      },
      'records in which something is missing are taken, or refused in words': class extends Prefix {
        override apply<R extends ConnectRecord>(record: R): R | null {
          return record.value === null ? super.apply(record.key as R) : super.apply(record);
        }
      },
      'records of every kind are taken, or refused in words': class extends Prefix {
        override apply<R extends ConnectRecord>(record: R): R | null {
          if (record.value instanceof Struct) throw new TypeError('record.value.get is not a function');
          return super.apply(record);
        }
      },
      'records are not changed': class extends Prefix {
        override apply<R extends ConnectRecord>(record: R): R | null {
          const result = super.apply(record);
          if (record.headers.length > 0) (record.headers as unknown[])[0] = { key: 'mine', schema: null, value: null };
          return result && { ...result, headers: [] };
        }
      },
      'a result is a sound record, or null': class extends Prefix {
        override apply<R extends ConnectRecord>(record: R): R | null {
          return super.apply({ ...record, valueSchema: STRING_SCHEMA, value: 7 });
        }
      },
      'the same record has the same result again, and with another instance': class extends Prefix {
        private count = 0;

        override apply<R extends ConnectRecord>(record: R): R | null {
          return super.apply({ ...record, timestamp: this.count++ });
        }
      },
      'close may come twice, and without configure': class extends Prefix {
        override close(): void {
          if (this.prefix === null) throw new Error('not configured');
        }
      },
    },
  );
});

describe('predicates', () => {
  /** True for topics with a prefix. */
  class HasPrefix extends Step implements Predicate {
    test(record: ConnectRecord): boolean {
      return record.topic.startsWith(String(this.prefix));
    }
  }

  const withSettings = (change: (props: Props) => Props) =>
    class extends HasPrefix {
      override configure(props: Props): void {
        super.configure(change(props));
      }
    };

  testKit<new () => Predicate>(
    Type =>
      predicateChecks({ ...SUBJECT, plugin: { type: 'predicate', className: 'test.HasPrefix', version: '1', create: () => new Type() } }),
    HasPrefix,
    {
      ...Object.fromEntries(Object.entries(WRONG_SETTINGS).map(([name, change]) => [name, withSettings(change)])),
      'the records that it is made for are taken': class extends HasPrefix {
        override test(record: ConnectRecord): boolean {
          if (record.value === 'text') throw new ConnectError('DataException', 'no texts');
          return super.test(record);
        }
      },
      'records in which something is missing are taken, or refused in words': class extends HasPrefix {
        override test(record: ConnectRecord): boolean {
          return String((record.value as object).constructor) !== '' && super.test(record);
        }
      },
      'records of every kind are taken, or refused in words': class extends HasPrefix {
        override test(record: ConnectRecord): boolean {
          if (record.value instanceof Struct) throw new TypeError('record.value.get is not a function');
          return super.test(record);
        }
      },
      'records are not changed': class extends HasPrefix {
        override test(record: ConnectRecord): boolean {
          if (record.value instanceof Map) record.value.set('seen', true);
          return super.test(record);
        }
      },
      'a result is true or false': class extends HasPrefix {
        override test(record: ConnectRecord): boolean {
          return Promise.resolve(super.test(record)) as unknown as boolean;
        }
      },
      'the same record has the same result again, and with another instance': class extends HasPrefix {
        private count = 0;

        override test(): boolean {
          return this.count++ % 2 === 0;
        }
      },
      'close may come twice, and without configure': class extends HasPrefix {
        override close(): void {
          if (this.prefix === null) throw new Error('closed');
          this.prefix = null;
        }
      },
    },
  );
});
