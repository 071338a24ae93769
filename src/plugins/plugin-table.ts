/** All plugins of this worker, found by the names that Kafka Connect accepts. */
import type { ConnectorPlugin, Plugin, PluginType } from '../api/plugin';
import { CLASSPATH, type PluginName, shownPlugin } from '../config/validation/plugin-name';
import { ConnectError } from '../errors';
import type { PluginFailure } from './plugin-locations';

const hintsModule = (): typeof import('../config/validation/class-hints') => require('../config/validation/class-hints');

/** The suffix that a short name may omit, by type. */
const SUFFIX_OF: Record<PluginType, string> = {
  source: 'Connector',
  sink: 'Connector',
  converter: 'Converter',
  header_converter: 'HeaderConverter',
  transformation: 'Transformation',
  predicate: 'Predicate',
};

/** How many reasons a message gives. */
const MAX_REASONS = 3;

/** Order of types in listings. */
const TYPE_ORDER: readonly PluginType[] = ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'];

/** Finds plugins by full class name, simple name, or simple name without its type's suffix. */
export class PluginTable {
  private readonly byClass = new Map<string, Plugin[]>();
  /** Class of an alias; null if two classes share it. */
  private readonly aliases = new Map<string, string | null>();

  /**
   * @param failures what could not be loaded, for messages about a missing class
   * @param locations of outside plugins, as `file:/path`
   * @throws ConnectError if two plugins have the same class name and type
   */
  constructor(
    plugins: readonly Plugin[],
    private readonly failures: readonly PluginFailure[] = [],
    private readonly locations: ReadonlyMap<PluginName, string> = new Map(),
  ) {
    for (const plugin of plugins) {
      const ofClass = this.byClass.get(plugin.className) ?? [];
      if (ofClass.some(other => other.type === plugin.type)) {
        throw new ConnectError('ConnectException', `Plugin class ${plugin.className} is listed twice as ${plugin.type}`);
      }
      this.byClass.set(plugin.className, [...ofClass, plugin]);
      for (const alias of aliasesOf(plugin)) {
        const known = this.aliases.get(alias);
        this.aliases.set(alias, known === undefined || known === plugin.className ? plugin.className : null);
      }
    }
  }

  /** All plugins of these types, sinks first, then as Java lists them, each type sorted by class name. */
  list(types: readonly PluginType[] = TYPE_ORDER): Plugin[] {
    const all = [...this.byClass.values()].flat();
    return TYPE_ORDER.filter(type => types.includes(type)).flatMap(type =>
      all.filter(plugin => plugin.type === type).sort((a, b) => compareTexts(a.className, b.className)),
    );
  }

  /** The full class name for a class name or an unambiguous alias, or undefined. */
  resolve(name: string): string | undefined {
    if (this.byClass.has(name)) return name;
    return this.aliases.get(name) ?? undefined;
  }

  /**
   * Why there is no plugin of this name, if it may be one that could not be loaded: the failure of this class, or else all failures whose
   * classes are unknown; null if there are none.
   */
  whyMissing(name: string): string | null {
    const own = this.failures.filter(({ classNames }) => classNames.some(known => known === name || known.endsWith(`.${name}`)));
    const reasons = own.length > 0 ? own : this.failures.filter(({ classNames }) => classNames.length === 0);
    if (reasons.length === 0) return null;
    const more = reasons.length > MAX_REASONS ? ` (and ${reasons.length - MAX_REASONS} more, see the log)` : '';
    return `${reasons
      .slice(0, MAX_REASONS)
      .map(({ text }) => text)
      .join('; ')}${more}`;
  }

  /** Where a plugin lies, see `shownPlugin`. */
  locationOf(plugin: PluginName): string {
    return this.locations.get(plugin) ?? CLASSPATH;
  }

  /** The plugin of this type for a class name or an unambiguous alias, or undefined. */
  find<T extends PluginType>(type: T, name: string): Extract<Plugin, { type: T }> | undefined {
    const found = this.ofName(name).find(plugin => plugin.type === type);
    return found as Extract<Plugin, { type: T }> | undefined;
  }

  /** All plugins of a class name or alias; a class may be both a converter and a header converter. */
  ofName(name: string): readonly Plugin[] {
    return this.byClass.get(this.resolve(name) ?? '') ?? [];
  }

  /**
   * The connector of a `connector.class`.
   * @throws ConnectError (ConnectException) with Java's text if there is none, or more than one
   */
  connector(name: string): ConnectorPlugin {
    const matches = this.connectorsOf(name);
    const [match, another] = matches;
    if (another) {
      throw new ConnectError(
        'ConnectException',
        `More than one connector matches alias ${name}. Please use full package and class name instead. Classes found: ${this.describeAll(matches)}`,
      );
    }
    if (match) return match;
    throw new ConnectError(
      'ConnectException',
      hintsModule().unknownConnectorText(
        name,
        this.list(['sink', 'source']).filter(isConnector),
        plugin => this.locationOf(plugin),
        this.whyMissing(name),
      ),
    );
  }

  /** The connector behind a `connector.class`; null where `connector` throws. */
  findConnector(name: string): ConnectorPlugin | null {
    const [match, another] = this.connectorsOf(name);
    return another ? null : (match ?? null);
  }

  private connectorsOf(name: string): ConnectorPlugin[] {
    const exact = this.ofName(name).find(isConnector);
    if (exact) return [exact];
    return this.list(['sink', 'source'])
      .filter(isConnector)
      .filter(plugin => !isFullNameOnly(plugin) && [name, `${name}Connector`].includes(simpleName(plugin.className)));
  }

  private describeAll(plugins: readonly Plugin[]): string {
    return plugins.map(plugin => shownPlugin(plugin, this.locationOf(plugin))).join(', ');
  }
}

/** The names of a plugin: the full class name first, then the short ones, which may be ambiguous. */
export function namesOf(plugin: Plugin): readonly string[] {
  return [plugin.className, ...aliasesOf(plugin)];
}

function aliasesOf(plugin: Plugin): readonly string[] {
  if (isConnector(plugin) && isFullNameOnly(plugin)) return [];
  return [simpleName(plugin.className), prunedName(plugin)];
}

function isFullNameOnly(plugin: ConnectorPlugin): boolean {
  return plugin.fullNameOnly ?? false;
}

function isConnector(plugin: Plugin): plugin is ConnectorPlugin {
  return plugin.type === 'source' || plugin.type === 'sink';
}

/** Class.getSimpleName: the last part, of an inner class only its own name. */
function simpleName(className: string): string {
  return className.slice(Math.max(className.lastIndexOf('.'), className.lastIndexOf('$')) + 1);
}

function prunedName(plugin: Plugin): string {
  const simple = simpleName(plugin.className);
  const at = simple.lastIndexOf(SUFFIX_OF[plugin.type]);
  return at > 0 ? simple.slice(0, at) : simple;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
