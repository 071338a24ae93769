import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { locatePlugins } from '../../src/plugins/plugin-locations';
import { TempDir } from '../helpers/temp-dir';

const dir = new TempDir('locations');
afterAll(() => dir.remove());

let count = 0;
/** A folder of plugins with these files. */
function folder(files: Readonly<Record<string, string>>): string {
  const root = `p${count++}`;
  fs.mkdirSync(dir.file(root));
  for (const [name, text] of Object.entries(files)) dir.write(path.join(root, name), text);
  return fs.realpathSync(dir.file(root));
}

/** What is found in a folder, files relative to it. */
function locate(root: string, ...elements: string[]): { modules: string[]; failures: string[] } {
  const { modules, failures } = locatePlugins(elements.length > 0 ? elements : [root]);
  return {
    modules: modules.map(({ file }) => path.relative(root, file)),
    failures: failures.map(({ text }) => text.replaceAll(`${root}/`, '')),
  };
}
const manifest = (value: unknown, more: object = {}): string => JSON.stringify({ ...more, 'connect-standalone': value });

describe('children of a folder', () => {
  test('are plugins when they are modules, by name; other files and hidden ones are not looked at', () => {
    const root = folder({
      'b.js': '',
      'a.cjs': '',
      'c.mjs': '',
      'README.md': '',
      'a.json': '',
      'x.d.ts': '',
      'b.js.map': '',
      '.hidden.js': '',
    });
    expect(locate(root)).toEqual({ modules: ['a.cjs', 'b.js', 'c.mjs'], failures: [] });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['its manifest as a path', { 'package.json': manifest('dist/x.js', { main: 'no.js' }), 'dist/x.js': '' }, 'dist/x.js'],
    ['its manifest as an object', { 'package.json': manifest({ module: './dist/x' }), 'dist/x.js': '' }, 'dist/x.js'],
    [
      'main, where the manifest has only classes',
      { 'package.json': manifest({ classes: ['a.B'] }, { main: 'x.mjs' }), 'x.mjs': '' },
      'x.mjs',
    ],
    ['main', { 'package.json': '{"main": "lib"}', 'lib/index.js': '' }, 'lib/index.js'],
    ['index.js without package.json', { 'index.js': '', 'helper.js': '' }, 'index.js'],
    ['index.mjs', { 'package.json': '{}', 'index.mjs': '' }, 'index.mjs'],
    ['the compiled file of TypeScript', { 'package.json': '{"main": "index.ts"}', 'index.ts': '', 'index.js': '' }, 'index.js'],
    ['a module although there is a jar', { 'index.js': '', 'lib/x.jar': '' }, 'index.js'],
  ])('that are folders have their module by %s', (_, files, expected) => {
    const root = folder(Object.fromEntries(Object.entries(files).map(([name, text]) => [`plugin/${name}`, text])));
    expect(locate(root)).toEqual({ modules: [`plugin/${expected}`], failures: [] });
  });

  test.each<[string, Readonly<Record<string, string>>, string]>([
    ['is empty', { '.keep': '' }, 'it has no package.json that names a module (key "connect-standalone" or "main"), and no index.js'],
    [
      'names a module that is not there',
      { 'package.json': manifest('dist/x.js') },
      'its module dist/x.js is not there; has the plugin been built?',
    ],
    ['has a torn package.json', { 'package.json': '{', 'index.js': '' }, 'its package.json cannot be read: '],
    ['has a package.json that is a list', { 'package.json': '[]', 'index.js': '' }, 'its package.json is not a JSON object'],
    [
      'has a manifest of another shape',
      { 'package.json': manifest(['x.js']), 'x.js': '' },
      'in its package.json must be the path of a module',
    ],
    [
      'has classes that are no list',
      { 'package.json': manifest({ module: 'x.js', classes: 'a.B' }), 'x.js': '' },
      'in its package.json must be the path of a module',
    ],
    ['is TypeScript that is not compiled', { 'index.ts': '' }, 'index.ts is TypeScript, which Node v'],
  ])('a folder that %s is a failure of its own, and the others are found', (_, files, problem) => {
    const root = folder({ ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`bad/${name}`, text])), 'good.js': '' });
    const { modules, failures } = locate(root);
    expect(modules).toEqual(['good.js']);
    expect(failures).toEqual([expect.stringContaining('Could not load plugin bad: ')]);
    expect(failures[0]).toContain(problem);
  });

  test('Java archives and folders of them are one line, which names a few', () => {
    const jars = Object.fromEntries(Array.from({ length: 7 }, (_, i) => [`j${i}.jar`, '']));
    const root = folder({ ...jars, 'java-plugin/lib/a.jar': '', 'java-plugin/manifest.json': '{}', 'good.js': '' });
    const { modules, failures } = locate(root);
    expect(modules).toEqual(['good.js']);
    expect(failures).toEqual([
      expect.stringContaining('Java archives cannot run in this worker (j0.jar, j1.jar, j2.jar, j3.jar, j4.jar and 3 more)'),
    ]);
  });
});

describe('pipes', () => {
  test('are failures, as a module and behind a link, and no thread waits for them', () => {
    const root = folder({});
    execFileSync('mkfifo', [path.join(root, 'pipe.js')]);
    fs.symlinkSync('pipe.js', path.join(root, 'link.js'));
    const why = 'it is not a regular file but a pipe (FIFO): name a regular file';
    expect(locate(root)).toEqual({
      modules: [],
      failures: [`Could not load plugin link.js: ${why}`, `Could not load plugin pipe.js: ${why}`],
    });
    expect(locate(root, path.join(root, 'pipe.js')).failures).toEqual([`Could not load plugin pipe.js: ${why}`]);
  });

  test('in the place of a package.json are none', () => {
    const root = folder({});
    fs.mkdirSync(path.join(root, 'p'));
    execFileSync('mkfifo', [path.join(root, 'p/package.json')]);
    expect(locate(root).failures).toEqual([expect.stringContaining('it has no package.json')]);
  });

  test('a package.json that is no small file is a failure', () => {
    const root = folder({ 'p/package.json': '' });
    fs.truncateSync(path.join(root, 'p/package.json'), 1024 ** 3);
    expect(locate(root).failures).toEqual([expect.stringContaining('its package.json cannot be read: it has 1073741824 bytes')]);
  });
});

describe('links', () => {
  test('are followed; a module behind several is found once', () => {
    const root = folder({ 'real/index.js': '' });
    fs.symlinkSync('real', path.join(root, 'link'));
    fs.symlinkSync('real/index.js', path.join(root, 'file.js'));
    fs.symlinkSync('.', path.join(root, 'again'));
    expect(locate(root).modules).toEqual(['real/index.js']);
  });

  test('that lead nowhere, or to themselves, are failures of their own', () => {
    const root = folder({ 'good.js': '' });
    fs.symlinkSync('nowhere.js', path.join(root, 'broken.js'));
    fs.symlinkSync('circle.js', path.join(root, 'circle.js'));
    const { modules, failures } = locate(root);
    expect(modules).toEqual(['good.js']);
    expect(failures).toEqual([expect.stringMatching(/broken\.js: .*ENOENT/), expect.stringMatching(/circle\.js: .*ELOOP/)]);
  });
});

describe('elements of plugin.path', () => {
  test('may be a plugin themselves: a file, or a folder whose package.json says so', () => {
    const root = folder({ 'a.js': '', 'own/package.json': manifest('x.js'), 'own/x.js': '', 'own/y.js': '' });
    expect(locate(root, path.join(root, 'a.js'), path.join(root, 'own')).modules).toEqual(['a.js', 'own/x.js']);
  });

  test('in their order, and each module once', () => {
    const root = folder({ 'b/x.js': '', 'a/y.js': '' });
    expect(locate(root, ...['b', 'a', 'b'].map(name => path.join(root, name))).modules).toEqual(['b/x.js', 'a/y.js']);
  });

  test('may be node_modules, where only packages that say so are plugins; below others it is passed over', () => {
    const root = folder({
      'node_modules/one/package.json': manifest('x.js'),
      'node_modules/one/x.js': '',
      'node_modules/@scope/two/package.json': manifest('x.js'),
      'node_modules/@scope/two/x.js': '',
      'node_modules/other/package.json': '{"main": "x.js"}',
      'node_modules/other/x.js': '',
      'c.js': '',
    });
    expect(locate(root, path.join(root, 'node_modules')).modules).toEqual(['node_modules/@scope/two/x.js', 'node_modules/one/x.js']);
    expect(locate(root)).toEqual({ modules: ['c.js'], failures: [] });
  });

  test('relative ones start at the working folder', () => {
    const root = folder({ 'a.js': '' });
    expect(locate(root, path.relative(process.cwd(), root)).modules).toEqual(['a.js']);
  });

  test.each(['/no/such/folder', `${__filename}/x`])('%s is ignored with a line', element => {
    expect(locatePlugins([element])).toEqual({
      modules: [],
      failures: [{ text: expect.stringMatching(/^Could not get listing for plugin path: .* Ignoring\. .*ENO/), classNames: [] }],
    });
  });

  test('a file that is no module is ignored with a line', () => {
    const root = folder({ 'notes.txt': '' });
    expect(locate(root, path.join(root, 'notes.txt')).failures).toEqual([
      expect.stringContaining('It is neither a folder nor a JavaScript module.'),
    ]);
  });

  test('an empty one is never the working folder', () => {
    expect(locatePlugins([''])).toEqual({ modules: [], failures: [] });
  });
});

test('a folder that cannot be used still says which classes are missing', () => {
  const root = folder({ 'p/package.json': manifest({ module: 'gone.js', classes: ['com.example.A'] }) });
  expect(locatePlugins([root]).failures).toEqual([{ text: expect.any(String), classNames: ['com.example.A'] }]);
});
