/** The stock plugins of Kafka Connect 4.3.0 as far as validation sees them: names, kinds, versions and recorded definitions. */
import { ConfigDef, NO_DEFAULT } from '../../../src/api/config-def';
import { caseInsensitiveValidString, nonEmptyString, type Validator, validRegex } from '../../../src/api/config-validators';
import type { Plugin, PluginType } from '../../../src/api/plugin';
import type { ConfigKeyInfo } from '../../../src/config/validation/config-infos';
import type { PluginLookup, PluginOf } from '../../../src/config/validation/plugin-lookup';
import { readFixture } from '../vectors/fixtures';

interface StockPlugins {
  readonly plugins: readonly [className: string, type: PluginType, version: string][];
  readonly definitions: Readonly<Record<string, readonly ConfigKeyInfo[]>>;
}

/** Definitions do not tell their validators; those that the recorded cases touch. */
const VALIDATORS: Readonly<Record<string, Validator>> = {
  topic: nonEmptyString,
  regex: validRegex,
  'decimal.format': caseInsensitiveValidString('BASE64', 'NUMERIC'),
};

function toDef(infos: readonly ConfigKeyInfo[]): ConfigDef {
  const def = new ConfigDef();
  for (const info of infos) {
    const validator = VALIDATORS[info.name];
    def.define({
      name: info.name,
      type: info.type,
      defaultValue: info.required ? NO_DEFAULT : info.default_value,
      importance: info.importance as 'HIGH',
      doc: info.documentation,
      orderInGroup: info.order_in_group,
      width: info.width as 'NONE',
      displayName: info.display_name,
      ...(info.group !== null && { group: info.group }),
      ...(validator && { validator }),
    });
  }
  return def;
}

const unused = (): never => {
  throw new Error('Only the definition may be asked for.');
};

function toPlugin(className: string, type: PluginType, version: string, def: ConfigDef): Plugin {
  const part = { config: () => def, version: () => version, start: unused, stop: unused, taskConfigs: unused };
  const create = (): never => ({ ...part, configure: unused, close: unused, apply: unused, test: unused }) as never;
  return { className, type, version, create, createConnector: create, createTask: unused, taskClassName: '' } as unknown as Plugin;
}

const SUFFIXES = /(Connector|HeaderConverter|Converter|Transformation|Predicate)$/;

function aliasesOf(className: string): string[] {
  const simple = className.slice(className.lastIndexOf('.') + 1);
  return simple.includes('$') ? [className] : [className, simple, simple.replace(SUFFIXES, '')];
}

/** A table that knows the stock plugins, and those given besides. */
export function stockPlugins(...others: Plugin[]): PluginLookup {
  const { plugins, definitions } = readFixture<StockPlugins>('validate/plugins.json');
  const stock = plugins.map(([className, type, version]) => toPlugin(className, type, version, toDef(definitions[className] ?? [])));
  const all = [...stock, ...others];
  const ofType = <T extends PluginType>(type: T): PluginOf<T>[] => all.filter((plugin): plugin is PluginOf<T> => plugin.type === type);
  return {
    list: ofType,
    find: (type, name) => ofType(type).find(plugin => aliasesOf(plugin.className).includes(name)),
  };
}

/** A plugin that only has a definition. */
export function pluginWith(className: string, type: PluginType, def: ConfigDef, version = '4.3.0'): Plugin {
  return toPlugin(className, type, version, def);
}
