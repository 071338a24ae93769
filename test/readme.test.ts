import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { IDLE_CONNECTOR_KEYS, IDLE_WORKER_KEYS } from '../src/config/keys/idle-keys';
import { fillTables, pictures, readmeTables } from './helpers/docs/readme-tables';
import { inRepository } from './helpers/paths';

const readme = readFileSync(inRepository('README.md'), 'utf8');
const packageJson = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { scripts: Record<string, string> };

/** What stands in backticks or code blocks. */
const quoted = [...readme.matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);

describe('README', () => {
  test('has the tables that the code makes (npm run readme writes them)', async () => {
    expect(fillTables(readme, await readmeTables())).toBe(readme);
  });

  test.each(Object.entries(pictures(readme)))('shows %s as its tables make it (npm run readme writes it)', (name, content) => {
    expect(readFileSync(inRepository(name), 'utf8')).toBe(content);
    expect(readme).toContain(`](${name})`);
    expect(content.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|<script|<image/);
  });

  test('names only files and folders that exist', () => {
    const paths = quoted.filter(text => /^(?:src|test|examples|bin|\.ci)(?:\/[\w.-]+)+\/?$/.test(text));
    expect(paths.length).toBeGreaterThan(20);
    expect(paths.filter(path => !existsSync(inRepository(path)))).toEqual([]);
  });

  test('names every file and folder of src in its map', () => {
    const entries = readdirSync(inRepository('src')).map(name => `src/${name}`);
    expect(entries.filter(entry => !quoted.includes(entry))).toEqual([]);
  });

  test('names every example', () => {
    const entries = readdirSync(inRepository('examples')).map(name => `examples/${name}`);
    expect(entries.filter(entry => !quoted.includes(entry))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const scripts = [...readme.matchAll(/npm (?:run ([\w-]+)|(start|test)\b)/g)].map(([, run, short]) => run ?? short ?? '');
    expect(scripts.filter(script => !(script in packageJson.scripts))).toEqual([]);
  });

  test('has a heading for each link within it', () => {
    const anchors = [...readme.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, '')
        .replaceAll(' ', '-'),
    );
    const links = [...readme.matchAll(/\]\(#([^)]+)\)/g)].map(([, anchor = '']) => anchor);
    expect(links.filter(link => !anchors.includes(link))).toEqual([]);
  });

  test('keeps a place for the figures of the benchmark', () => {
    expect(readme).toMatch(/<!-- bench:start -->\n[\s\S]*\n<!-- bench:end -->/);
  });
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

test('filling in a README fails for a table that is not there, and for a place that nobody fills', () => {
  const place = '<!-- table:a -->\nold\n<!-- /table -->';
  expect(fillTables(place, { a: 'new' })).toBe('<!-- table:a -->\nnew\n<!-- /table -->');
  expect(() => fillTables(place, { a: 'new', b: 'new' })).toThrow('no place for: b');
  expect(() => fillTables(place, {})).toThrow('does not exist: a');
});
