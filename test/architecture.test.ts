import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { ARROWS, OPEN_TO_ALL } from './helpers/docs/arrows';
import { arrowsOf, findCirclesOf, findCycles, readSources, type SourceFile } from './helpers/docs/import-graph';
import { inRepository, repositoryRoot } from './helpers/paths';

/** Messages and types of the thread boundary, which run no thread. */
const THREAD_WORDS = ['thread/messages.ts', 'thread/task-handle.ts', 'thread/gate.ts'];

/** Packages that belong to one place only: where they may be imported. */
const PACKAGE_PLACES: Readonly<Record<string, RegExp>> = {
  koffi: /^(kafka\/|libc\.ts$)/,
  '@confluentinc/kafka-javascript': /^kafka\//,
  'node:worker_threads': /^(thread|task|isolation)\//,
  fastify: /^rest\//,
  commander: /^cli\/(arguments|quickstart)\.ts$/,
  winston: /^log-writer\.ts$/,
  pg: /^connectors\/jdbc\/postgresql\/wire\/pg-driver\.ts$/,
  'pg-cursor': /^connectors\/jdbc\/postgresql\/wire\/pg-driver\.ts$/,
  mysql2: /^connectors\/jdbc\/mysql\/mysql-driver\.ts$/,
  'better-sqlite3': /^connectors\/jdbc\/sqlite\/sqlite-driver\.ts$/,
  oracledb: /^connectors\/jdbc\/oracle\/oracle-driver\.ts$/,
  tedious: /^connectors\/jdbc\/sqlserver\/sqlserver-driver\.ts$/,
};

/** What makes clients of librdkafka. */
const CLIENT_MAKERS = [
  'kafka/admin/admin.ts',
  'kafka/admin/topic-admin.ts',
  'kafka/admin/topic-reader.ts',
  'kafka/consumer/consumer.ts',
  'kafka/producer/producer.ts',
];

/** What may lie in the top folder besides dot-files. */
const TOP_LEVEL = ['LICENSE', 'README.md', 'bin', 'examples', 'package-lock.json', 'package.json', 'src', 'test', 'tsconfig.json'];

/**
 * Who opens files to read them by itself, and why it may: what somebody else has named is read by `named-files`, which waits for nothing
 * and has bounds.
 */
const OWN_READERS: Readonly<Record<string, string>> = {
  'named-files.ts': 'it is the place',
  'own-files.ts': 'files that this program makes; no link is followed, nothing is waited for',
  'offsets/durable-write.ts': 'a folder, to have it written',
  'offsets/file-lock.ts': 'a file that own-files has opened',
  'cli/daemon.ts': 'its own output',
  'cli/quickstart.ts': 'its own example',
  'herder/resources.ts': 'files of the system with fixed names',
  'connectors/file/positions/position-units.ts': 'opened without waiting; regular files only',
  'connectors/file/shared/open-file.ts': 'opened without waiting; the source has its own rules for pipes and devices',
  'connectors/file/shared/file-descriptor-stream.ts': 'pipes of the source, opened without waiting',
  'connectors/file/source/standard-input.ts': 'standard input',
  'connectors/file/sink/line-writer.ts': 'opened without waiting; the sink may write to pipes',
  'connectors/file/sink/exactly-once-writer.ts': 'opened without waiting; regular files only',
  'connectors/file/sink/sink-journal.ts': 'its own journal',
};

const MAX_LINES = 350;
/** Longer files, each with its reason. */
const LONG_FILES: readonly string[] = [];

const files = readSources();

/** Lines of files that match, as `file:line: text`. */
function linesMatching(pattern: RegExp, sources: readonly Pick<SourceFile, 'name' | 'text'>[]): string[] {
  return sources.flatMap(({ name, text }) =>
    text.split('\n').flatMap((line, i) => (pattern.test(line) ? [`${name}:${i + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}

function trackedFiles(): string[] {
  return execFileSync('git', ['ls-files', '-z'], { cwd: repositoryRoot, encoding: 'utf8' }).split('\0').filter(Boolean);
}

describe('imports in src', () => {
  const arrows = arrowsOf(files);

  test('go where the table of arrows says, and every arrow of it is needed', () => {
    expect(files.length).toBeGreaterThan(10);
    const found = [...arrows].map(([from, targets]) => [
      from,
      [...targets]
        .filter(target => !OPEN_TO_ALL.includes(target))
        .sort()
        .join(' '),
    ]);
    expect(Object.fromEntries(found)).toEqual(ARROWS);
  });

  test('of what is open to all go to nothing but each other and leaves', () => {
    const leaves = [...OPEN_TO_ALL, 'secrets', 'visible-text'];
    expect(OPEN_TO_ALL.flatMap(folder => [...(arrows.get(folder) ?? [])]).filter(target => !leaves.includes(target))).toEqual([]);
  });

  test('form no circle of rooms: the top folders, and each connector for itself', () => {
    const roomOf = (folder: string): string => folder.split('/', folder.startsWith('connectors/') ? 2 : 1).join('/');
    expect(findCirclesOf(arrows, roomOf)).toEqual([]);
  });

  test('form no circle, not even of types', () => {
    expect(findCycles(files)).toEqual([]);
  });

  test('of offsets and kafka reach into thread for what it says, not for what it does', () => {
    const reaching = files.filter(({ name }) => /^(offsets|kafka)\//.test(name));
    const wrong = reaching.flatMap(({ name, imports }) =>
      imports.filter(target => target.startsWith('thread/') && !THREAD_WORDS.includes(target)).map(target => `${name} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });

  test('and words of offsets and worker name no connector: what is particular to one is asked of its plugin', () => {
    const general = files.filter(({ name }) => /^(offsets|worker|isolation|task|thread)\//.test(name));
    expect(general.length).toBeGreaterThan(100);
    expect(linesMatching(/FileStream|jdbc|sqlite|connectors\//i, general)).toEqual([]);
  });

  test('of what makes a Kafka client are in kafka/clients only: others know it by its interfaces', () => {
    const uses = (pattern: RegExp): string[] => files.filter(({ text }) => pattern.test(text)).map(({ name }) => name);
    // The embedded broker is a client to librdkafka.
    const others = ['kafka/embedded/embedded-broker.ts', 'kafka/native/client.ts'];
    expect(uses(/\bcreateClient\(/).filter(name => !others.includes(name))).toEqual(CLIENT_MAKERS);
    const importing = files.filter(({ imports }) => imports.some(target => CLIENT_MAKERS.includes(target))).map(({ name }) => name);
    expect(importing).toEqual(['kafka/clients/kafka-clients.ts', 'kafka/clients/worker-admin.ts']);
    expect(uses(/\bloadLibrdkafka\(/).filter(name => !name.startsWith('kafka/'))).toEqual([]);
    expect(uses(/\btranslateClientProps\(/)).toEqual(['kafka/clients/translated-settings.ts', 'kafka/settings/client-config.ts']);
  });

  test('of tasks and pipeline bring in nothing that reads settings, and no map of texts is read there: what they need is in TaskSettings', () => {
    const own = files.filter(({ name }) => /^(task|pipeline)\//.test(name));
    // Types are no reading; `task-settings` freezes what was read.
    const reads =
      /^import (?!type ).* from '[./]*config\/(?!tasks\/(?:task|frozen)-settings')|\b(?:parseType|connectorProps|workerProps)\b|\btaskProps(?:\[|\.|\?\.)/;
    expect(own.length).toBeGreaterThan(40);
    expect(linesMatching(reads, own)).toEqual([]);
  });

  test('of testing go to what authors of plugins see, and to nothing behind it', () => {
    const own = files.filter(({ name }) => name.startsWith('testing/'));
    expect(own.length).toBeGreaterThan(5);
    const beyond = own.flatMap(({ name, imports }) =>
      imports.filter(target => target !== 'api/index.ts' && !target.startsWith('testing/')).map(target => `${name} imports ${target}`),
    );
    expect(beyond).toEqual([]);
    expect(own.flatMap(({ packages }) => packages)).toEqual([]);
  });

  test.each(Object.entries(PACKAGE_PLACES))('of %s stay in their place', (name, place) => {
    const wrong = files.filter(file => file.packages.includes(name) && !place.test(file.name)).map(file => file.name);
    expect(wrong).toEqual([]);
  });

  test('name declared packages only', () => {
    const { dependencies, optionalDependencies } = JSON.parse(fs.readFileSync(inRepository('package.json'), 'utf8')) as Record<
      'dependencies' | 'optionalDependencies',
      object
    >;
    const packageOf = (target: string): string => target.split('/', target.startsWith('@') ? 2 : 1).join('/');
    const named = files.flatMap(file => file.packages.filter(target => !target.startsWith('node:')).map(packageOf));
    expect([...new Set(named)].filter(name => !(name in { ...dependencies, ...optionalDependencies }))).toEqual([]);
    // a driver is loaded by one file of its folder
    expect(Object.keys(optionalDependencies).filter(name => !(name in PACKAGE_PLACES))).toEqual([]);
  });
});

/** Folders that may hold more files side by side, each with its reason. */
const LARGE_FOLDERS: readonly string[] = ['src/transforms', 'test/fixtures/tls', 'test/fixtures/vectors/transforms'];

describe('folders', () => {
  test('hold at most 20 files side by side, but for one file a transformation, certificate or recorded class', () => {
    const counts = new Map<string, number>();
    for (const name of trackedFiles().filter(
      file => /^(src|test|bin|examples)\//.test(file) && /\.[a-z]+$/.test(file) && !file.endsWith('.md'),
    ))
      counts.set(path.posix.dirname(name), (counts.get(path.posix.dirname(name)) ?? 0) + 1);
    const large = [...counts].filter(([folder, count]) => count > 20 && !LARGE_FOLDERS.includes(folder));
    expect(large).toEqual([]);
  });

  test('of tests are those of what they test, for nine of ten files', () => {
    const tests = trackedFiles().filter(
      name => name.endsWith('.test.ts') && !/^test\/(e2e|fuzz|faults|bench|vectors|ci|helpers|[\w-]+\.test\.ts)/.test(name),
    );
    const sources = new Set(files.map(({ name }) => name));
    const astray = tests.filter(name => !sources.has(name.replace(/^test\//, '').replace('.test.ts', '.ts')));
    expect(tests.length).toBeGreaterThan(100);
    expect({ astray, share: astray.length / tests.length < 0.1 }).toEqual({ astray, share: true });
  });
});

describe('sources', () => {
  test('hold no any, no ignored type error and nothing left for later', () => {
    const any = /(?::|<|\bas|\|)\s*any\b(?!thing)|@ts-(?:ignore|nocheck|expect-error)/;
    const code = files.map(({ name, text }) => ({ name, text: text.replace(/^\s*(?:\/?\*|\/\/).*$/gm, '') }));
    expect(linesMatching(any, code)).toEqual([]);
    expect(linesMatching(/\b(?:TODO|FIXME|XXX|HACK)\b/, files)).toEqual([]);
  });

  test('read what somebody else has named in one place', () => {
    const reading = /\b(?:readFileSync|openSync|createReadStream|readFile)\(|\bopen\b[^;]*\} from 'node:fs\/promises'/;
    const readers = new Set(linesMatching(reading, files).map(line => line.split(':')[0] ?? ''));
    expect([...readers].sort()).toEqual(Object.keys(OWN_READERS).sort());
  });

  test(`have at most ${MAX_LINES} lines`, () => {
    const long = files.filter(({ text }) => text.trimEnd().split('\n').length > MAX_LINES).map(({ name }) => name);
    expect(long).toEqual(LONG_FILES);
  });
});

describe('the repository', () => {
  test('has nothing else in its top folder', () => {
    const top = new Set(trackedFiles().map(file => file.split('/')[0] ?? ''));
    expect([...top].filter(name => !name.startsWith('.') && !TOP_LEVEL.includes(name))).toEqual([]);
  });

  test('names no folder of a developer in its files', () => {
    const machinePath = /(?:^|[\s"'`=(:])\/(?:root|work|home\/\w+|Users\/\w+)\//;
    const texts = trackedFiles()
      .filter(name => fs.statSync(inRepository(name), { throwIfNoEntry: false })?.isFile())
      .map(name => ({ name, text: fs.readFileSync(inRepository(name), 'utf8') }));
    expect(linesMatching(machinePath, texts)).toEqual([]);
  });

  test('has a lock file without addresses, with an entry for each package it names', () => {
    const text = fs.readFileSync(inRepository('package-lock.json'), 'utf8');
    expect(text).not.toContain('"resolved": "http');
    const { packages } = JSON.parse(text) as { packages: Record<string, Partial<Record<'dependencies' | 'optionalDependencies', object>>> };
    const entryOf = (from: string, name: string): boolean => {
      if (packages[`${from === '' ? '' : `${from}/`}node_modules/${name}`]) return true;
      return from !== '' && entryOf(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
    };
    const missing = Object.entries(packages).flatMap(([from, { dependencies = {}, optionalDependencies = {} }]) =>
      [...Object.keys(dependencies), ...Object.keys(optionalDependencies)]
        .filter(name => !entryOf(from, name))
        .map(name => `${from} -> ${name}`),
    );
    expect(missing).toEqual([]);
  });
});
