/**
 * The tables of the pages, made from the code: `npm run readme` writes them between `<!-- table:NAME -->` and `<!-- /table -->`,
 * and test/readme.test.ts fails when they differ.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type ConfigDef, type ConfigKey, convertToString, NO_DEFAULT } from '../../../src/api/config-def';
import type { Plugin } from '../../../src/api/plugin';
import { COMMON_KEYS } from '../../../src/config/keys/common-keys';
import { IDLE_CONNECTOR_KEYS, IDLE_WORKER_KEYS } from '../../../src/config/keys/idle-keys';
import { SINK_KEYS } from '../../../src/config/keys/sink-keys';
import { SOURCE_DEAD_LETTER_DEF } from '../../../src/config/keys/source-dead-letters';
import { SOURCE_KEYS } from '../../../src/config/keys/source-keys';
import { WORKER_DEF } from '../../../src/config/keys/worker-keys';
import type { DatabaseKind } from '../../../src/connectors/jdbc/url/jdbc-address';
import { URL_PARAMETERS } from '../../../src/connectors/jdbc/url/url-parameters';
import { ConnectError, type ErrorCode, JAVA_CLASS_OF } from '../../../src/errors';
import { CLIENT_KEYS } from '../../../src/kafka/settings/client-config-table';
import type { ClientKey, ClientKind } from '../../../src/kafka/settings/client-key';
import { CATALOGUE, tagsOf } from '../../../src/metrics/catalogue';
import { locateOffsetFile } from '../../../src/offsets/offset-file-paths';
import { BUILTIN_PLUGINS } from '../../../src/plugins/builtins';
import { PluginTable } from '../../../src/plugins/plugin-table';
import { toErrorReply } from '../../../src/rest/error-mapper';
import { readJdbcDifferences } from '../../vectors/jdbc/differences';
import { BENCH_PAGE, FAULTS_PAGE, inRepository } from '../paths';
import { boundRows } from './bounds';
import { faultGrid, rateChart } from './charts';
import { converterExamples, transformationExamples } from './example-tables';
import { DEPENDENCY_REASONS, EXIT_NOTES, OFFSET_FILE_NOTES } from './readme-notes';
import { allRoutes } from './rest-routes';

/** README's tables by name. */
export async function readmeTables(): Promise<Readonly<Record<string, string>>> {
  return {
    help: commandHelp(),
    'exit-codes': exitCodeTable(),
    'worker-settings': settingTable([...WORKER_DEF.keys.values()], IDLE_WORKER_KEYS),
    'common-settings': settingTable(COMMON_KEYS, IDLE_CONNECTOR_KEYS),
    'source-settings': settingTable(SOURCE_KEYS, IDLE_CONNECTOR_KEYS),
    'source-dead-letter-settings': settingTable([...SOURCE_DEAD_LETTER_DEF.keys.values()], []),
    'sink-settings': settingTable(SINK_KEYS, IDLE_CONNECTOR_KEYS),
    'client-settings': clientTable(CLIENT_KEYS.filter(key => key.handling !== 'none')),
    'idle-client-settings': idleClientTable(CLIENT_KEYS.filter(key => key.handling === 'none')),
    plugins: pluginTable(),
    'connector-plugin-settings': pluginSettingTable(['source', 'sink']),
    'transformation-settings': pluginSettingTable(['transformation', 'predicate']),
    'converter-settings': pluginSettingTable(['converter', 'header_converter']),
    'rest-routes': routeTable(),
    'error-codes': errorTable(),
    'offset-files': await offsetFileTable(),
    'jdbc-url-parameters': urlParameterTable(),
    'jdbc-differences': jdbcDifferenceTable(),
    dependencies: dependencyTable(),
    metrics: metricTable(),
    bounds: table(['Reaches', 'What', 'What bounds it'], boundRows()),
    'transformation-examples': table(['Transformation', 'Settings', 'Before', 'After'], transformationExamples(BUILTIN_PLUGINS)),
    'converter-examples': table(['Converter', 'Settings', 'Value', 'Bytes', 'Read again'], converterExamples(BUILTIN_PLUGINS)),
  };
}

/** The pages of the project by their paths. */
export type Pages = Readonly<Record<string, string>>;

/** README.md and every page beside the code, as they are now. */
export function readPages(): Pages {
  const beside = ['src', 'test', 'examples'].flatMap(folder =>
    readdirSync(inRepository(folder), { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith('.md'))
      .map(name => path.posix.join(folder, name)),
  );
  return Object.fromEntries(['README.md', ...beside.sort()].map(name => [name, readFileSync(inRepository(name), 'utf8')]));
}

/**
 * The pages with all tables in their places.
 * @throws Error for a place that asks for a table that is not there, for a table that has no place, and for one that has two
 */
export function fillTables(pages: Pages, tables: Readonly<Record<string, string>>): Pages {
  const placed = new Set<string>();
  const fill = (page: string, text: string): string =>
    text.replace(/(<!-- table:([a-z-]+) -->\n)[\s\S]*?(<!-- \/table -->)/g, (_, begin: string, name: string, end: string) => {
      const table = tables[name];
      if (table === undefined) throw new Error(`${page} asks for a table that does not exist: ${name}`);
      if (placed.has(name)) throw new Error(`${page} asks for a table that has its place already: ${name}`);
      placed.add(name);
      return `${begin}${table}\n${end}`;
    });
  const filled = Object.fromEntries(Object.entries(pages).map(([page, text]) => [page, fill(page, text)]));
  const missing = Object.keys(tables).filter(name => !placed.has(name));
  if (missing.length > 0) throw new Error(`no page has a place for: ${missing.join(', ')}`);
  return filled;
}

/** The pictures of recorded figures by their paths, made from the tables of their pages. */
export function pictures(pages: Pages): Record<string, string> {
  return {
    'test/bench/rates.svg': rateChart(pages[BENCH_PAGE] ?? ''),
    'test/faults/faults.svg': faultGrid(pages[FAULTS_PAGE] ?? ''),
  };
}

type Row = readonly string[];

function table(head: Row, rows: readonly Row[]): string {
  const line = (cells: Row): string => `| ${cells.map(cell => escapeCell(cell)).join(' | ')} |`;
  return [line(head), `|${head.map(() => '---|').join('')}`, ...rows.map(line)].join('\n');
}

/** Angle brackets outside of code would be taken for HTML. */
function escapeCell(cell: string): string {
  const parts = cell.split(/(`[^`]*`)/).map(part => (part.startsWith('`') ? part : part.replaceAll('<', '&lt;')));
  return parts.join('').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** Parameters of URLs; MySQL and MariaDB share theirs. */
function urlParameterTable(): string {
  const titles = {
    postgresql: 'PostgreSQL',
    mysql: 'MySQL, MariaDB',
    sqlite: 'SQLite',
    oracle: 'Oracle',
    sqlserver: 'SQL Server',
  } satisfies Record<Exclude<DatabaseKind, 'mariadb'>, string>;
  const kinds = Object.keys(titles) as (keyof typeof titles)[];
  const rows = kinds.flatMap(kind =>
    URL_PARAMETERS[kind].map(({ names, effect }, i) => [i === 0 ? titles[kind] : '', names.map(code).join(', '), effect]),
  );
  return table(['Database', 'Parameter', 'What it does'], rows);
}

/** What the recorded cases of the JDBC connectors differ in, with the cases by file. */
function jdbcDifferenceTable(): string {
  return table(
    ['Here, and in Java', 'Cases'],
    readJdbcDifferences().map(({ reason, cases }) => {
      const names = new Map<string, string[]>();
      for (const [file = '', name = ''] of Object.keys(cases).map(label => label.split(': '))) {
        names.set(file, [...(names.get(file) ?? []), code(name)]);
      }
      return [reason, [...names].map(([file, list]) => `${file}: ${list.join(', ')}`).join('; ')];
    }),
  );
}

const code = (text: string): string => `\`${text}\``;

/** The metrics by group and tags, those of Connect first. */
function metricTable(): string {
  const places = Object.entries(CATALOGUE).map(([ours, metric]) => {
    const tags = tagsOf(ours, metric);
    return { ours, metric, place: `${code(metric.group)}${tags.length > 0 ? ` by ${tags.join(', ')}` : ''}` };
  });
  const groups = [...new Set(places.map(({ place }) => place))].sort();
  const rows = groups.flatMap(group =>
    places
      .filter(({ place }) => place === group)
      .map(({ ours, metric: { name, type, unit, help } }, i) => [i === 0 ? group : '', code(name), code(ours), type, unit, help]),
  );
  return table(['Group', "Connect's name", 'Our name', 'Type', 'Unit', 'What it is'], rows);
}

/** The note for each name; both lists must agree. */
function noteFor(notes: Readonly<Record<string, string>>, names: readonly string[], what: string): (name: string) => string {
  const stale = Object.keys(notes).filter(name => !names.includes(name));
  if (stale.length > 0) throw new Error(`readme-notes.ts has a ${what} that the code has not: ${stale.join(', ')}`);
  return name => {
    const note = notes[name];
    if (note === undefined) throw new Error(`readme-notes.ts has no word on the ${what} ${name}`);
    return note;
  };
}

function settingTable(keys: readonly ConfigKey[], idle: readonly string[]): string {
  const rows = keys.map(key => {
    const text = firstSentence(key.doc);
    const silent = idle.includes(key.name) && !text.includes('without effect');
    return [code(key.name), key.type, defaultOf(key), silent ? `${text} *No effect here.*` : text];
  });
  return table(['Key', 'Type', 'Default', 'What it does'], rows);
}

function defaultOf({ defaultValue, type }: ConfigKey): string {
  if (defaultValue === NO_DEFAULT) return '**required**';
  const text = convertToString(defaultValue, type);
  if (text === null) return '';
  return text === '' ? 'empty' : code(text);
}

/** Descriptions for REST are Java's, with markup and long. */
function firstSentence(doc: string): string {
  const plain = doc.replaceAll(/<\/?code>/g, '`').replaceAll(/<[^>]+>/g, ' ');
  if (plain.length < 160) return plain.replace(/([^.])$/, '$1.');
  return (/^.*?\.(?=\s+[A-Z]|$)/s.exec(plain)?.[0] ?? plain).replace(/([^.])$/, '$1.');
}

function clientTable(keys: readonly ClientKey[]): string {
  const rows = keys.map(key => [
    code(key.javaKey),
    who(key),
    key.handling === 'caller' ? 'kept by the worker' : key.librdkafka.length > 4 ? 'several' : key.librdkafka.map(code).join(', '),
    shortDefault(key.javaDefault),
    key.ownDefault === undefined ? '' : code(key.ownDefault),
    key.note,
  ]);
  return table(['Java key', 'Client', 'librdkafka', 'Java default', 'Ours', 'Note'], rows);
}

function idleClientTable(keys: readonly ClientKey[]): string {
  return table(
    ['Java key', 'Client', 'Why it has no effect'],
    keys.map(key => [code(key.javaKey), who(key), key.note]),
  );
}

function who(key: ClientKey): string {
  const all: readonly ClientKind[] = ['producer', 'consumer', 'admin'];
  return key.who.length === all.length ? 'all' : key.who.join(', ');
}

/** Java's class names without their packages. */
function shortDefault(text: string | null): string {
  return text === null ? '' : text === '' ? 'empty' : code(text.replaceAll(/(?:class )?(?:\w+\.){3,}(\w+)/g, '$1'));
}

/** The plugins that share a row: Key and Value halves, and a class that serves as converter and header converter. */
interface PluginGroup {
  /** The class without its half. */
  readonly className: string;
  readonly halves: readonly string[];
  readonly kinds: readonly string[];
  readonly plugins: readonly Plugin[];
}

/** Sources and sinks first, then by class name. */
function pluginGroups(): PluginGroup[] {
  const groups = new Map<string, Plugin[]>();
  for (const plugin of new PluginTable(BUILTIN_PLUGINS).list()) {
    const outer = outerClass(plugin.className);
    groups.set(outer, [...(groups.get(outer) ?? []), plugin]);
  }
  return [...groups].map(([className, plugins]) => ({
    className,
    plugins,
    halves: plugins
      .map(plugin => plugin.className.slice(className.length))
      .filter((half, i, all) => half !== '' && all.indexOf(half) === i),
    kinds: [...new Set(plugins.map(plugin => plugin.type.replace('_', ' ')))],
  }));
}

const outerClass = (className: string): string => className.replace(/\$(Key|Value)$/, '');

function pluginTable(): string {
  const rows = pluginGroups().map(({ kinds, className, halves, plugins }) => [
    kinds.join(', '),
    `${code(className)}${halves.length > 0 ? ` with ${halves.map(code).join(' or ')}` : ''}`,
    plugins[0]?.version ?? '',
  ]);
  return table(['Kind', 'Class', 'Version'], rows);
}

/** Set by the worker, whatever a user says. */
const KEYS_OF_THE_WORKER: readonly string[] = ['converter.type'];

/** The own keys of each plugin of these types; the first row of a plugin has its name. */
function pluginSettingTable(types: readonly Plugin['type'][]): string {
  const groups = pluginGroups().filter(({ plugins }) => plugins.some(({ type }) => types.includes(type)));
  const simple = groups.map(({ className }) => className.slice(className.lastIndexOf('.') + 1));
  // where two share a simple name, the full one tells them apart
  const isUnique = (name: string): boolean => simple.filter(other => other === name).length === 1;
  const shownNames = new Map(groups.map(({ className }, i) => [className, isUnique(simple[i] ?? '') ? simple[i] : className]));
  const rows = groups.flatMap(({ className, plugins }) => {
    const keys = mergedKeys(plugins).filter(({ name }) => !KEYS_OF_THE_WORKER.includes(name));
    const name = code(shownNames.get(className) ?? className);
    if (keys.length === 0) return [[name, 'none', '', '', '', '']];
    return keys.map((key, i) => [i === 0 ? name : '', code(key.name), key.type, defaultOf(key), key.importance, firstSentence(key.doc)]);
  });
  return table(['Plugin', 'Key', 'Type', 'Default', 'Importance', 'What it does'], rows);
}

/** @throws Error if two plugins of a group mean different things by a key, since one row could not show both */
function mergedKeys(plugins: readonly Plugin[]): ConfigKey[] {
  const merged = new Map<string, ConfigKey>();
  for (const plugin of plugins) {
    for (const key of configOf(plugin).keys.values()) {
      const known = merged.get(key.name);
      if (known && (known.type !== key.type || defaultOf(known) !== defaultOf(key))) {
        throw new Error(`${plugin.className} declares ${key.name} otherwise than its other half`);
      }
      if (!known) merged.set(key.name, key);
    }
  }
  return [...merged.values()];
}

function configOf(plugin: Plugin): ConfigDef {
  return (plugin.type === 'source' || plugin.type === 'sink' ? plugin.createConnector() : plugin.create()).config();
}

function routeTable(): string {
  return table(
    ['Method', 'Path', 'Answer'],
    allRoutes().map(route => [route.method, code(route.path.replace(/:(\w+)/g, '{$1}')), route.summary]),
  );
}

function errorTable(): string {
  const codes = Object.keys(JAVA_CLASS_OF) as ErrorCode[];
  const rows = codes.map(errorCode => [
    code(errorCode),
    code(JAVA_CLASS_OF[errorCode]),
    String(toErrorReply(new ConnectError(errorCode, ''), '/').status),
  ]);
  return table(['Code', 'Shown as', 'REST status'], rows);
}

async function offsetFileTable(): Promise<string> {
  const folder = path.resolve('/');
  const { folder: _, ...paths } = await locateOffsetFile(path.join(folder, 'connect.offsets'));
  const note = noteFor(OFFSET_FILE_NOTES, Object.keys(paths), 'offset file');
  return table(
    ['File', 'What it is'],
    Object.entries(paths).map(([name, file]) => [code(path.basename(file)), note(name)]),
  );
}

function dependencyTable(): string {
  const { dependencies, optionalDependencies } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as Record<
    'dependencies' | 'optionalDependencies',
    Record<string, string>
  >;
  const versions = { ...dependencies, ...optionalDependencies };
  const names = Object.keys(versions);
  const note = noteFor(DEPENDENCY_REASONS, names, 'dependency');
  return table(
    ['Package', 'Version', 'Why'],
    names.map(name => [code(name), code(versions[name] ?? ''), note(name)]),
  );
}

/** What --help of the real command prints, to a pipe: on a terminal its width would count. */
function runHelp(): { text: string; code: number } {
  const { stdout, status } = spawnSync(process.execPath, [inRepository('bin/connect-standalone'), '--help'], { encoding: 'utf8' });
  if (status === null || stdout === '') throw new Error('--help prints nothing');
  return { text: stdout, code: status };
}

function commandHelp(): string {
  return `\`\`\`text\n${runHelp().text.trimEnd()}\n\`\`\``;
}

/** These sources are read as text: loading the command line would load the native library. */
function exitCodes(): (readonly [value: string, name: string])[] {
  const usage = [[String(runHelp().code), 'usage']] as const;
  const declared = (file: string, name: string): (readonly [string, string])[] => {
    const body = new RegExp(`const ${name} = \\{([^}]*)\\}`).exec(readFileSync(inRepository(file), 'utf8'))?.[1];
    if (body === undefined) throw new Error(`${file} declares no ${name}`);
    return [...body.matchAll(/(\w+): (\d+)/g)].map(([, key = '', value = '']) => [value, key] as const);
  };
  return [...usage, ...declared('src/cli/main.ts', 'EXIT'), ...declared('src/cli/signals.ts', 'CODES')];
}

function exitCodeTable(): string {
  const codes = exitCodes();
  const note = noteFor(
    EXIT_NOTES,
    codes.map(([, name]) => name),
    'exit code',
  );
  const values = [...new Set(codes.map(([value]) => value))].sort((a, b) => Number(a) - Number(b));
  const noteOf = (wanted: string): string =>
    codes
      .filter(([value]) => value === wanted)
      .map(([, name]) => note(name))
      .join(' Or: ');
  return table(
    ['Code', 'When'],
    values.map(value => [value, noteOf(value)]),
  );
}

async function main(): Promise<void> {
  const pages = fillTables(readPages(), await readmeTables());
  for (const [name, content] of Object.entries({ ...pages, ...pictures(pages) })) writeFileSync(inRepository(name), content);
}

if (require.main === module) void main();
