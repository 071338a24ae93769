import { execFileSync } from 'node:child_process';
import type { Plugin } from '../../src/api/plugin';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';
import { inRepository } from '../helpers/paths';

const label = ({ type, className, version }: Plugin): string => [type, className, version].join(' ');

/** The methods by which one knows what was made. */
const MARKS: Readonly<Record<Plugin['type'], string>> = {
  source: 'poll',
  sink: 'put',
  converter: 'toConnectData',
  header_converter: 'toConnectHeader',
  transformation: 'apply',
  predicate: 'test',
};

test.each(BUILTIN_PLUGINS.map(plugin => [label(plugin), plugin] as const))(
  '%s is made by the module that the manifest names',
  (_, plugin) => {
    const isConnector = plugin.type === 'source' || plugin.type === 'sink';
    const definition = isConnector ? plugin.createConnector().config() : plugin.create().config();
    expect(definition.keys.size).toBeGreaterThanOrEqual(0);
    expect(MARKS[plugin.type] in (isConnector ? plugin.createTask() : plugin.create())).toBe(true);
  },
);

test('every plugin that a module of converters, transformations or predicates exports is listed, under the name and version that it has there', () => {
  const script = `
    const fs = require('node:fs'), path = require('node:path'), found = [];
    for (const folder of ['converters', 'transforms'].map(name => path.join(${JSON.stringify(inRepository('dist/src'))}, name)))
      for (const file of fs.readdirSync(folder, { recursive: true }).filter(name => name.endsWith('.js')))
        for (const value of Object.values(require(path.join(folder, file))).flat())
          if (value && value.className && value.create) found.push([value.type, value.className, value.version].join(' '));
    console.log(JSON.stringify(found.sort()));`;
  const exported = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
  const listed = BUILTIN_PLUGINS.filter(({ type }) => type !== 'source' && type !== 'sink').map(label);
  expect(listed.sort()).toEqual(exported);
});

test('the manifest is there without the code of any plugin', () => {
  const script = `
    require(${JSON.stringify(inRepository('dist/src/plugins/builtins.js'))});
    const loaded = Object.keys(require.cache).filter(file => /[/](connectors|converters|transforms|predicates)[/]/.test(file));
    console.log(loaded.map(file => file.split('/').at(-1)).sort().join());`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe('file-plugins.js,flavour.js,jdbc-plugins.js');
});

test('no plugin is listed twice', () => {
  const names = BUILTIN_PLUGINS.map(({ type, className }: Plugin) => `${type} ${className}`);
  expect(new Set(names).size).toBe(names.length);
});
