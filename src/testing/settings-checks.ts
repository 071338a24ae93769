/** What all plugins must do with their settings. */
import { type ConfigDef, ConnectError, NO_DEFAULT, type Props } from '../api';
import { type Check, check, demand, errorOf, errorText } from './check';

/** How a kit reaches the settings of a plugin. */
export interface ConfiguredSubject {
  /** The method that takes the settings, for the names of checks. */
  readonly method: 'configure' | 'start';
  readonly config: () => ConfigDef;
  /** Runs a check with settings that will do, and with what has a new instance take settings; clears away what was made for it. */
  readonly use: (check: (props: Props, configure: Configure) => Promise<void>) => Promise<void>;
  /** Values that will not do, by setting, besides those of a wrong type. */
  readonly badSettings: Props;
  /** True where others may add settings to those that are declared, as connectors do for their tasks: those that will do are no fault. */
  readonly takesMore: boolean;
}

/** Has a new instance take settings. @throws what the instance throws */
export type Configure = (props: Props) => unknown;

/** A text that is none of these. */
const NO_NUMBER = 'neither a number nor true or false';
const PARSED_TYPES = ['BOOLEAN', 'INT', 'SHORT', 'LONG', 'DOUBLE'];

/** What the worker hands to every task, declared by nobody. */
const WORKER_KEYS = ['name', 'task.class', 'connector.class', 'tasks.max', 'topics', 'topics.regex'];

export function settingsChecks(subject: ConfiguredSubject): Check[] {
  const { method, config } = subject;
  const using = (name: string, run: (props: Props, configure: Configure) => Promise<void>): Check =>
    check(`${method} ${name}`, () => subject.use(run));
  return [
    using('reads no setting that config() does not declare', async (props, configure) => {
      const declared = new Set(config().keys.keys());
      if (subject.takesMore) for (const key of [...WORKER_KEYS, ...Object.keys(props)]) declared.add(key);
      const read = new Set<string>();
      await errorOf(() => configure(watched(props, key => read.add(key))));
      const undeclared = [...read].filter(key => !declared.has(key));
      demand(undeclared.length === 0, `${method} reads ${undeclared.join(', ')}, which config() does not declare`);
    }),
    using('refuses what will not do with a ConfigException that names the setting', async (props, configure) => {
      for (const [key, value] of [...wronglyTyped(config()), ...Object.entries(subject.badSettings)])
        await demandRefusal(method, () => configure({ ...props, [key]: value }), key, `${key}=${value}`);
    }),
    using('asks for each setting that has no default', async (props, configure) => {
      for (const { name, defaultValue } of config().keys.values()) {
        if (defaultValue !== NO_DEFAULT || !Object.hasOwn(props, name)) continue;
        const { [name]: _, ...others } = props;
        await demandRefusal(method, () => configure(others), name, `settings without ${name}`);
      }
    }),
  ];
}

const wronglyTyped = (config: ConfigDef): [string, string][] =>
  [...config.keys.values()].filter(({ type }) => PARSED_TYPES.includes(type)).map(({ name }) => [name, NO_NUMBER]);

async function demandRefusal(method: string, configure: () => unknown, key: string, what: string): Promise<void> {
  const error = await errorOf(configure);
  demand(error !== undefined, `${method} has taken ${what}`);
  demand(error instanceof ConnectError && error.code === 'ConfigException', `${method} refuses ${what} with ${errorText(error)}`);
  demand(error.message.includes(key), `${method} refuses ${what} without naming ${key}: ${error.message}`);
}

/** Looked for by the language itself wherever it meets an object. */
const OF_THE_LANGUAGE = ['then', 'toJSON', 'constructor'];

/** The same settings; tells which keys are asked for. */
function watched(props: Props, onRead: (key: string) => void): Props {
  const noted =
    <R>(look: (target: Props, key: string | symbol) => R) =>
    (target: Props, key: string | symbol): R => {
      if (typeof key === 'string' && !OF_THE_LANGUAGE.includes(key)) onRead(key);
      return look(target, key);
    };
  return new Proxy({ ...props } as Props, {
    get: noted(Reflect.get),
    has: noted(Reflect.has),
    getOwnPropertyDescriptor: noted(Reflect.getOwnPropertyDescriptor),
  });
}
