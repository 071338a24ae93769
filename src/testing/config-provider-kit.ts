/** What every config provider must do. */
import { type ConfigData, type ConfigProvider, ConnectError, type Props } from '../api';
import { type Check, check, demand, demandSame, errorOf, errorText } from './check';

/** A place with values. */
export interface TestPlace {
  /** Settings of the provider; none where it is absent. */
  readonly props?: Props;
  /** Where the values are. */
  readonly path: string;
  /** Values by key, at least two. */
  readonly values: Props;
  /** Places that are not there, or not for this provider. */
  readonly missing?: readonly string[];
  /** Clears it away. */
  close?(): void;
}

export interface ConfigProviderSubject {
  /** Makes a provider that is not configured yet. */
  create(): ConfigProvider;
  /** Makes a place with values, anew for each check. */
  prepare(): TestPlace;
  /** Values that will not do, by setting. */
  readonly badSettings?: Props;
}

/** Keys that no place has; some of them every object of the language has. */
const UNKNOWN = ['no such key', '', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '..', '/'];

/** The checks of a config provider. */
export function configProviderChecks(subject: ConfigProviderSubject): Check[] {
  const { badSettings = {} } = subject;
  const on = (name: string, run: (place: TestPlace, provider: ConfigProvider) => void | Promise<void>): Check =>
    check(name, async () => {
      const place = subject.prepare();
      const provider = subject.create();
      try {
        provider.configure(place.props ?? {});
        await run(place, provider);
      } finally {
        provider.close();
        place.close?.();
      }
    });
  const keysOf = ({ values }: TestPlace): Set<string> => new Set(Object.keys(values));
  return [
    on('configure refuses what will not do with a ConfigException that names the setting, or its value', async ({ props }) => {
      for (const [key, value] of Object.entries(badSettings)) {
        const error = await errorOf(() => subject.create().configure({ ...props, [key]: value }));
        demand(error !== undefined, `configure has taken ${key}=${value}`);
        demandConfigException(error, `${key}=${value}`);
        const { message } = error as ConnectError;
        demand(message.includes(key) || message.includes(value), `configure refuses ${key}=${value} without naming either: ${message}`);
      }
    }),
    on('get brings the values that are asked for, as texts', (place, provider) => {
      demandSame({ ...provider.get(place.path, keysOf(place)).data }, { ...place.values }, 'values');
    }),
    on('get brings nothing else', (place, provider) => {
      const [key = ''] = keysOf(place);
      demandSame(Object.keys(provider.get(place.path, new Set([key])).data), [key], `keys, when ${key} is asked for`);
      demandSame(Object.keys(provider.get(place.path, new Set()).data), [], 'keys, when none is asked for');
    }),
    on('keys that are not there are left out', (place, provider) => {
      const { data } = provider.get(place.path, new Set([...keysOf(place), ...UNKNOWN]));
      demandSame(Object.keys(data).sort(), [...keysOf(place)].sort(), 'keys');
    }),
    on('a place that is not there has no values, or is refused with a ConfigException', async ({ missing = [], ...place }, provider) => {
      for (const path of missing) {
        let found: ConfigData = { data: {} };
        const error = await errorOf(() => {
          found = provider.get(path, keysOf(place));
        });
        if (error !== undefined) demandConfigException(error, path);
        demandSame({ ...found.data }, {}, `values of ${path}`);
      }
    }),
    on('ttlMs and bytesRead are whole numbers from 0 on', (place, provider) => {
      const { ttlMs, bytesRead } = provider.get(place.path, keysOf(place));
      for (const number of [ttlMs, bytesRead])
        demand(number === undefined || (Number.isSafeInteger(number) && number >= 0), `one of them is ${String(number)}`);
    }),
    on('the same values come again, and with another instance', (place, provider) => {
      const first = { ...provider.get(place.path, keysOf(place)).data };
      const other = subject.create();
      other.configure(place.props ?? {});
      for (const again of [provider, other]) demandSame({ ...again.get(place.path, keysOf(place)).data }, first, 'values');
    }),
    check('close may come twice, and without configure', async () => {
      const provider = subject.create();
      const error = (await errorOf(() => provider.close())) ?? (await errorOf(() => provider.close()));
      demand(error === undefined, `close has failed: ${errorText(error)}`);
    }),
  ];
}

function demandConfigException(error: unknown, what: string): void {
  demand(error instanceof ConnectError && error.code === 'ConfigException', `${what} is refused with ${errorText(error)}`);
}
