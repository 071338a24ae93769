import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Plugin } from '../src/api/plugin';
import { IDLE_CONNECTOR_KEYS, IDLE_WORKER_KEYS } from '../src/config/keys/idle-keys';
import { BUILTIN_PLUGINS } from '../src/plugins/builtins';
import { converterExamples, transformationExamples } from './helpers/docs/example-tables';
import { fillTables, pictures, readmeTables, readPages } from './helpers/docs/readme-tables';
import { BENCH_PAGE, FAULTS_PAGE, inRepository } from './helpers/paths';

const pages = readPages();
const readme = pages['README.md'] ?? '';
const packageJson = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { scripts: Record<string, string> };

/** What stands in backticks. */
const quotedIn = (text: string): string[] => [...text.matchAll(/`([^`\n]+)`/g)].map(([, quoted = '']) => quoted);
/** Text without its blocks of code, in which a # begins a comment. */
const withoutCode = (text: string): string => text.replace(/^```[\s\S]*?^```/gm, '');
const anchorsOf = (text: string): string[] =>
  [...withoutCode(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  );

/** Longer pages are read by nobody. */
const MAX_LINES = 400;

describe('the pages', () => {
  test('have the tables that the code makes, each once (npm run readme writes them)', async () => {
    expect(fillTables(pages, await readmeTables())).toEqual(pages);
  });

  test.each(Object.entries(pictures(pages)))('show %s as its table makes it (npm run readme writes it)', (name, content) => {
    expect(readFileSync(inRepository(name), 'utf8')).toBe(content);
    expect(readme).toContain(`](${name})`);
    expect(content.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|<image/);
  });

  test(`have at most ${MAX_LINES} lines each, README less, with the first command for a file of one's own in its first 40`, () => {
    const long = Object.entries(pages).filter(([, text]) => text.trimEnd().split('\n').length > MAX_LINES);
    expect(long.map(([name]) => name)).toEqual([]);
    const lines = readme.trimEnd().split('\n');
    expect(lines.length).toBeLessThan(MAX_LINES);
    expect(lines.slice(0, 40).join('\n')).toContain('connect-standalone worker.properties source.properties');
  });

  test.each(Object.entries(pages))('%s names only files and folders that exist', (_, text) => {
    const paths = quotedIn(text).filter(name => /^(?:src|test|examples|bin|\.ci)(?:\/[\w.-]+)+\/?$/.test(name));
    expect(paths.filter(name => !existsSync(inRepository(name)))).toEqual([]);
  });

  test.each(Object.entries(pages))('%s links to pages, headings and files that exist', (name, text) => {
    const links = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link).filter(link => !/^https?:/.test(link));
    const broken = links.filter(link => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? name : path.posix.join(path.posix.dirname(name), file);
      if (!existsSync(inRepository(target))) return true;
      return anchor !== undefined && !anchorsOf(pages[target] ?? '').includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test.each(Object.entries(pages))('%s names no path of the machine it was written on', (_, text) => {
    expect(text.match(/(?<![\w.~])\/(?:work|root)\/\S*/g) ?? []).toEqual([]);
  });

  test('can all be reached from README', () => {
    const reached = new Set(['README.md']);
    for (const name of reached) {
      for (const [, link = ''] of (pages[name] ?? '').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        const target = path.posix.join(path.posix.dirname(name), link);
        if (target in pages) reached.add(target);
      }
    }
    expect(Object.keys(pages).filter(name => !reached.has(name) && !/^examples\/|\/fixtures\//.test(name))).toEqual([]);
  });

  test('name npm scripts that exist', () => {
    const scripts = Object.values(pages).flatMap(text =>
      [...text.matchAll(/npm (?:run ([\w-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short ?? ''),
    );
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter(script => !(script in packageJson.scripts))).toEqual([]);
  });

  test('keep a place for the figures of the benchmark', () => {
    expect(pages[BENCH_PAGE]).toMatch(/<!-- bench:start -->\n[\s\S]*\n<!-- bench:end -->/);
  });
});

/** Each page beside the code answers the same questions, so that whoever knows one finds the way in all. */
const QUESTIONS = ['An example', 'Settings', 'What is promised', 'Differences from Java', 'Gaps'];
const AREAS = [
  'config',
  'kafka',
  'metrics',
  'rest',
  'plugins',
  'task',
  'offsets',
  'converters',
  'transforms',
  'connectors/file',
  'connectors/jdbc',
];

test.each(AREAS)('the page of src/%s says what it does, and has an example, settings, promises, differences from Java and gaps', area => {
  const text = withoutCode(pages[`src/${area}/README.md`] ?? '');
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const asked = headings.filter(heading => QUESTIONS.some(question => heading.startsWith(question)));
  expect(asked.map(heading => QUESTIONS.find(question => heading.startsWith(question)))).toEqual(QUESTIONS);
  // what it does stands before the first heading
  expect(text).toMatch(/^# .+\n\n[^#]/);
});

describe('README', () => {
  const quoted = quotedIn(readme);

  test('names every file and folder of src in its map', () => {
    const entries = readdirSync(inRepository('src')).map(name => `src/${name}`);
    expect(entries.filter(entry => !quoted.includes(entry) && !readme.includes(`](${entry})`))).toEqual([]);
  });

  test('says how many faults hold, as the recorded table has them', () => {
    const rows = (pages[FAULTS_PAGE] ?? '').split('\n').filter(line => /^\| `/.test(line));
    expect(readme).toContain(`${rows.filter(row => row.includes(' | yes | ')).length} of ${rows.length} hold`);
  });

  test('has its sections in the order of a first visit', () => {
    const headings = [...withoutCode(readme).matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
    expect(headings).toEqual([
      'A tour',
      'How a record travels',
      'What is promised',
      'How fast it is',
      'Where we differ from Java, on purpose',
      'Write your own',
      'Security',
      'Command line',
      'Where to find what',
      'Known gaps',
      'Working on it',
    ]);
  });

  test('has the headline figures of the recorded benchmark', () => {
    const figures = [...readme.matchAll(/^\| [^|]+, (?:lines a second|ms|MiB|MiB, at most|%) \| ([\d,.]+) \| ([\d,.]+) \|$/gm)];
    expect(figures).toHaveLength(6);
    const page = pages[BENCH_PAGE] ?? '';
    for (const figure of figures.flatMap(([, ours = '', java = '']) => [ours, java]))
      expect(page).toMatch(new RegExp(`\\| ${figure}(?:\\.\\d)? \\(`));
  });

  test('names every example', () => {
    const entries = readdirSync(inRepository('examples')).map(name => `examples/${name}`);
    expect(entries.filter(entry => !quoted.includes(entry) && !readme.includes(`](${entry})`))).toEqual([]);
  });
});

test('src/README.md has a row for every folder of src, but for those within others that it names', () => {
  const page = pages['src/README.md'] ?? '';
  const folders = readdirSync(inRepository('src'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isDirectory())
    .map(entry => path.relative(inRepository(), path.join(entry.parentPath, entry.name)));
  expect(folders.length).toBeGreaterThan(20);
  expect(folders.filter(folder => !quotedIn(page).includes(folder))).toEqual([]);
});

test('a setting said to have no effect is read nowhere but where settings are declared', () => {
  const declared =
    /^config\/(?:keys|clients|validation)\/(?:[\w-]+-keys|config-infos|connector-config|client-overrides|topic-creation)\.ts$|^config\/worker-config\.ts$/;
  const others = readdirSync(inRepository('src'), { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts') && !declared.test(name) && !name.startsWith('kafka/settings/client-'))
    .map(name => ({ name, text: readFileSync(inRepository('src', name), 'utf8') }));
  const readers = [...IDLE_CONNECTOR_KEYS, ...IDLE_WORKER_KEYS].flatMap(key =>
    others.filter(({ text }) => text.includes(`'${key}'`)).map(({ name }) => `${name} reads ${key}`),
  );
  expect(readers).toEqual([]);
});

test('filling in pages fails for a table that is not there, for a place that nobody fills, and for a second place', () => {
  const place = '<!-- table:a -->\nold\n<!-- /table -->';
  expect(fillTables({ p: place }, { a: 'new' })).toEqual({ p: '<!-- table:a -->\nnew\n<!-- /table -->' });
  expect(() => fillTables({ p: place }, { a: 'new', b: 'new' })).toThrow('no page has a place for: b');
  expect(() => fillTables({ p: place }, {})).toThrow('does not exist: a');
  expect(() => fillTables({ p: place, q: place }, { a: 'new' })).toThrow('has its place already: a');
});

test('a transformation or converter without an example is an error', () => {
  const renamed = (type: Plugin['type']): Plugin[] =>
    BUILTIN_PLUGINS.filter(plugin => plugin.type === type)
      .slice(0, 1)
      .map(plugin => ({ ...plugin, className: 'com.example.New' }));
  expect(() => transformationExamples(renamed('transformation'))).toThrow('no example of New');
  expect(() => converterExamples(renamed('converter'))).toThrow('no example of New');
});
