import fs from 'node:fs';
import path from 'node:path';
import { inRepository } from '../helpers/paths';
import { type LoadReport, loadPlugins } from '../helpers/processes/load-plugins';
import { TempDir } from '../helpers/temp-dir';

const dir = new TempDir('plugins');
afterAll(() => dir.remove());

/** The source of a transformation as CommonJS or as ES module, `exported` being what stands before the descriptor. */
function transformation(className: string, head: string, exported: string): string {
  return `${head}
const instance = { config: () => new ConfigDef(), configure() {}, apply: record => record, close() {} };
${exported} { className: '${className}', version: '1', type: 'transformation', create: () => instance };
`;
}
const COMMON_JS = "const { ConfigDef } = require('connect-standalone/api');";
const ES_MODULE = "import { ConfigDef } from 'connect-standalone/api';";
const commonJs = (className: string, exported = 'exports.plugin ='): string => transformation(className, COMMON_JS, exported);
const esModule = (className: string, exported = 'export const plugin ='): string => transformation(className, ES_MODULE, exported);

describe('modules of every kind, beside bad ones', () => {
  let report: LoadReport;
  const files: Readonly<Record<string, string>> = {
    'a-common.js': commonJs('com.example.Common'),
    'b-common.cjs': commonJs('com.example.ModuleExports', 'module.exports ='),
    'c-default.js': commonJs('com.example.CompiledDefault', 'exports.__esModule = true; exports.default ='),
    'd-module.mjs': esModule('com.example.Module', 'export default'),
    'e-module/package.json': '{"type": "module", "main": "index.js"}',
    'e-module/index.js': esModule('com.example.TypeModule'),
    'f-await.mjs': `await new Promise(resolve => setTimeout(resolve, 20));\n${esModule('com.example.Await')}`,
    'g-list.js': `${commonJs('com.example.One', 'const one =')}${'exports.plugins = [one, { ...one, className: "com.example.Two" }]; exports.one = one;'}`,
    'h-nested/package.json': '{"type": "module"}',
    'h-nested/index.cjs': commonJs('com.example.CjsInModulePackage'),
    'own-copy/node_modules/connect-standalone/package.json': '{"exports": {"./api": "./api.js"}}',
    'own-copy/node_modules/connect-standalone/api.js': 'exports.ConfigDef = class ConfigDef {};',
    'own-copy/index.js': commonJs('com.example.OwnCopyIgnored'),
    'own-copy-esm/node_modules/connect-standalone/package.json': '{"exports": {"./api": "./api.js"}}',
    'own-copy-esm/node_modules/connect-standalone/api.js': 'exports.ConfigDef = class ConfigDef {};',
    'own-copy-esm/index.mjs': esModule('com.example.OwnCopyIgnoredEsm'),
    'x-bundled.js': transformation('com.example.Bundled', 'class ConfigDef {}', 'exports.plugin ='),
    'x-class.js': 'exports.MyTransform = class MyTransform {};',
    'x-empty.js': '',
    'x-half.js': `${commonJs('com.example.Half', 'exports.good =')}exports.bad = { ...exports.good, className: 'com.example.BadHalf', type: 'transform' };`,
    'x-list.js': 'exports.plugins = [5];',
    'x-missing.js': "require('no-such-package');",
    'x-promise/package.json': '{"connect-standalone": {"module": "index.js", "classes": ["com.example.Promised"]}}',
    'x-promise/index.js': commonJs('com.example.Other'),
    'x-syntax.mjs': 'export const = 1;',
    'x-throws/package.json': '{"connect-standalone": {"module": "index.js", "classes": ["com.example.Throws"]}}',
    'x-throws/index.js': "throw new TypeError('no luck');",
    'x-throws-null.js': 'throw null;',
    'x-type.js': "exports.plugin = Object.freeze({ className: 'com.example.NoCreate', version: '1', type: 'predicate' });",
    'y-builtin.js': commonJs('org.apache.kafka.connect.transforms.HoistField$Value'),
    'y-twice.js': commonJs('com.example.Common'),
  };

  beforeAll(async () => {
    for (const [name, text] of Object.entries(files)) dir.write(path.join('all', name), text);
    report = await loadPlugins(dir.file('all'));
  });

  test.each<[string, readonly string[]]>([
    ['a-common.js', ['com.example.Common']],
    ['b-common.cjs', ['com.example.ModuleExports']],
    ['c-default.js', ['com.example.CompiledDefault']],
    ['d-module.mjs', ['com.example.Module']],
    ['e-module/index.js', ['com.example.TypeModule']],
    ['f-await.mjs', ['com.example.Await']],
    ['g-list.js', ['com.example.One', 'com.example.Two']],
    ['h-nested/index.cjs', ['com.example.CjsInModulePackage']],
    ['own-copy/index.js', ['com.example.OwnCopyIgnored']],
    ['own-copy-esm/index.mjs', ['com.example.OwnCopyIgnoredEsm']],
    ['x-half.js', ['com.example.Half']],
    ['x-promise/index.js', ['com.example.Other']],
  ])('%s is loaded, with the API of the worker', (name, classNames) => {
    const file = path.join(fs.realpathSync(dir.file('all')), name);
    expect(report.loaded.find(([loaded]) => loaded === file)?.[1]).toEqual(classNames);
  });

  test('nothing else is loaded, and a task thread finds the same', () => {
    expect(report.loaded).toHaveLength(12);
    expect(report.inTask).toEqual(report.loaded.flatMap(([, classNames]) => classNames));
  });

  test.each<[string, string, readonly string[]]>([
    [
      'x-bundled.js',
      'config() of com.example.Bundled must return a ConfigDef of connect-standalone/api, not one of another copy',
      ['com.example.Bundled'],
    ],
    ['x-class.js', 'it exports no plugin; MyTransform alone is not one', []],
    ['x-empty.js', 'it exports no plugin; a plugin is an object with className', []],
    ['x-half.js', 'x-half.js, export bad: type of com.example.BadHalf must be one of', ['com.example.BadHalf']],
    ['x-list.js', 'x-list.js, export plugins[0]: this is not a plugin', []],
    ['x-missing.js', "Cannot find module 'no-such-package'", []],
    ['x-promise', 'its package.json names com.example.Promised, which', ['com.example.Promised']],
    ['x-syntax.mjs', 'Unexpected token', []],
    ['x-throws', 'no luck', ['com.example.Throws']],
    ['x-throws-null.js', 'null', []],
    ['x-type.js', 'com.example.NoCreate has no function create(), which creates a Predicate', ['com.example.NoCreate']],
    [
      'y-builtin.js',
      'HoistField$Value comes with the worker itself already, which stays in use',
      ['org.apache.kafka.connect.transforms.HoistField$Value'],
    ],
    ['y-twice.js', 'a-common.js already, which stays in use', ['com.example.Common']],
  ])('%s is a failure that says why, and one line in the log', (name, reason, classNames) => {
    const head = `Could not load plugin ${dir.file('all')}/${name}: `;
    const failures = report.failures.filter(({ text }) => text.startsWith(head));
    expect(failures).toEqual([{ text: expect.stringContaining(reason), classNames }]);
    expect(report.log.filter(line => line.startsWith(`ERROR ${head}`))).toHaveLength(1);
  });

  test('there are no other failures', () => {
    expect(report.failures).toHaveLength(13);
  });

  test("a trace follows what a plugin's own code has thrown, and nothing else", () => {
    const traced = report.log.filter(line => line.includes(' <- ')).map(line => /plugins-\w+\/all\/([\w.-]+)/.exec(line)?.[1]);
    expect(traced).toEqual(['x-missing.js', 'x-syntax.mjs', 'x-throws', 'x-throws-null.js']);
  });
});

test('no plugin.path is no plugin, no failure and no line', async () => {
  expect(await loadPlugins()).toEqual({ loaded: [], failures: [], log: [], inTask: [] });
});

test('the entry point that package.json names is the one that plugins are given', () => {
  const { exports } = JSON.parse(fs.readFileSync(inRepository('package.json'), 'utf8')) as {
    exports: Record<string, Record<string, string>>;
  };
  expect(exports['./api']).toEqual({ types: './dist/src/api/index.d.ts', default: './dist/src/api/index.js' });
  for (const file of Object.values(exports['./api'] ?? {})) expect(fs.existsSync(inRepository(file))).toBe(true);
});
