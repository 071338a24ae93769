import { type ConfigData, type ConfigProvider, ConnectError, type Props } from '../../src/api';
import { configProviderChecks } from '../../src/testing';
import { testKit } from '../helpers/fakes/failing-checks';

const VALUES: Props = { user: 'ada', password: 'secret' };

/** Values of one table. */
class Table implements ConfigProvider {
  configure(props: Props): void {
    if (props.mode === 'bad') throw new ConnectError('ConfigException', 'mode cannot be bad');
  }

  get(path: string, keys: ReadonlySet<string>): ConfigData {
    if (path === 'nowhere') throw new ConnectError('ConfigException', 'There is no table nowhere');
    const found = path === 'table' ? Object.entries(VALUES).filter(([key]) => keys.has(key)) : [];
    return { data: Object.fromEntries(found), bytesRead: 10 };
  }

  close(): void {}
}

testKit<new () => ConfigProvider>(
  Type =>
    configProviderChecks({
      create: () => new Type(),
      prepare: () => ({ path: 'table', values: VALUES, missing: ['nowhere', 'elsewhere', ''] }),
      badSettings: { mode: 'bad' },
    }),
  Table,
  {
    'configure refuses what will not do with a ConfigException that names the setting, or its value': class extends Table {
      override configure(props: Props): void {
        if (props.mode === 'bad') throw new ConnectError('ConfigException', 'something is wrong');
      }
    },
    'get brings the values that are asked for, as texts': class extends Table {
      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        const found = super.get(path, keys);
        return { ...found, data: Object.fromEntries(Object.entries(found.data).map(([key, value]) => [key, Buffer.from(value) as never])) };
      }
    },
    'get brings nothing else': class extends Table {
      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        return super.get(path, keys.size < 2 && path === 'table' ? new Set(Object.keys(VALUES)) : keys);
      }
    },
    'keys that are not there are left out': class extends Table {
      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        const found = super.get(path, keys);
        return keys.has('toString') ? { ...found, data: { ...found.data, toString: 'function' } as never } : found;
      }
    },
    'a place that is not there has no values, or is refused with a ConfigException': class extends Table {
      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        if (path === 'elsewhere') throw new TypeError('Cannot read properties of undefined');
        return super.get(path, keys);
      }
    },
    'ttlMs and bytesRead are whole numbers from 0 on': class extends Table {
      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        return { ...super.get(path, keys), ttlMs: Number.NaN };
      }
    },
    'the same values come again, and with another instance': class extends Table {
      private calls = 0;

      override get(path: string, keys: ReadonlySet<string>): ConfigData {
        return this.calls++ === 0 ? super.get(path, keys) : { data: {} };
      }
    },
    'close may come twice, and without configure': class extends Table {
      private isClosed = false;

      override close(): void {
        if (this.isClosed) throw new Error('closed already');
        this.isClosed = true;
      }
    },
  },
);
