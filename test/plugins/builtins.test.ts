import { execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Plugin } from '../../src/api/plugin';
import { BUILTIN_TRANSFORMATIONS } from '../../src/plugins/builtin-transformations';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';

test.each(BUILTIN_TRANSFORMATIONS.map(plugin => [plugin.className, plugin] as const))('%s is what its file makes', (_name, plugin) => {
  const made = plugin.create();
  expect(typeof made.config()).toBe('object');
  expect('apply' in made ? 'transformation' : 'predicate').toBe(plugin.type);
});

test('every transformation and predicate that a file exports is listed, under the name and version that it has there', () => {
  const files = ['transforms', 'predicates'].map(folder => path.join(__dirname, '../../src', folder));
  const script = `
    const fs = require('node:fs'), path = require('node:path'), found = [];
    for (const folder of ${JSON.stringify(files)})
      for (const file of fs.readdirSync(folder).filter(name => name.endsWith('.js')))
        for (const value of Object.values(require(path.join(folder, file))).flat())
          if (value && value.className && value.create) found.push([value.type, value.className, value.version].join(' '));
    console.log(JSON.stringify(found.sort()));`;
  const exported = JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
  const listed = BUILTIN_TRANSFORMATIONS.map(({ type, className, version }) => [type, className, version].join(' ')).sort();
  expect(listed).toEqual(exported);
});

test('the table of plugins is there without the code of a transformation', () => {
  const script = `
    require(${JSON.stringify(path.join(__dirname, '../../src/plugins/builtins'))});
    console.log(Object.keys(require.cache).filter(file => /[/](transforms|predicates)[/]/.test(file)).join());`;
  expect(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }).trim()).toBe('');
});

test('no plugin is listed twice', () => {
  const names = BUILTIN_PLUGINS.map(({ type, className }: Plugin) => `${type} ${className}`);
  expect(new Set(names).size).toBe(names.length);
});
