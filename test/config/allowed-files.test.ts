import fs from 'node:fs';
import path from 'node:path';
import { AllowedFiles } from '../../src/config/allowed-files';
import { TempDir } from '../helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('allowed-files');
  for (const folder of ['in', 'out', 'in/deep', 'in-too']) fs.mkdirSync(dir.file(folder));
  dir.write('out/secret', 'x');
  const links: readonly (readonly [string, string])[] = [
    ['in/link', '../out/secret'],
    ['in/absolute', dir.file('out/secret')],
    ['in/folder', dir.file('out')],
    ['in/dangling', dir.file('out/new')],
    ['in/chain', 'absolute'],
    ['in/inside', 'deep'],
    ['in/loop', 'loop'],
    ['door', dir.file('in')],
  ];
  for (const [at, target] of links) fs.symlinkSync(target, dir.file(at));
});
afterEach(() => dir.remove());

function allows(file: string, folders: readonly string[] = [dir.file('in')]): boolean {
  try {
    new AllowedFiles(folders).check({}, () => [{ key: 'file', file }]);
    return true;
  } catch (error) {
    expect((error as Error).message).toBe(
      `Invalid value ${file} for configuration file: it is not in one of the folders that file.allowed.paths of the worker lists`,
    );
    return false;
  }
}

test.each(['in/new', 'in/deep/x', 'in/not/there/yet', 'in/inside/x', 'door/new', 'in/deep'])('%s is inside', name => {
  expect(allows(dir.file(name))).toBe(true);
});

test.each([
  'out/secret',
  'in-too/x',
  'inx',
  'in/link',
  'in/absolute',
  'in/folder/secret',
  'in/folder/new',
  'in/dangling',
  'in/chain',
  'in/loop',
  'in/link/x',
])('%s is outside, by its name or behind a link', name => {
  expect(allows(dir.file(name))).toBe(false);
});

test('a step upwards is refused wherever it stands, since behind a link it leads elsewhere', () => {
  for (const name of ['in/../out/secret', 'in/folder/../in/x', '../x', 'in/deep/../x']) expect(allows(`${dir.path}/${name}`)).toBe(false);
});

test('a relative name counts from the folder of the process', () => {
  const relative = path.relative(process.cwd(), dir.file('in/x'));
  expect([allows('x'), allows('x', [process.cwd()])]).toEqual([false, true]);
  expect(relative.startsWith('..') ? allows(relative) : false).toBe(false);
});

test('nothing is refused where no folder is listed; a folder that is not there is an error of the setting', () => {
  expect(allows('/etc/passwd', [])).toBe(true);
  expect(allows('/anything', ['/'])).toBe(true);
  expect(() => new AllowedFiles(['in'])).toThrow('Invalid value in for configuration file.allowed.paths: Path in is not absolute');
  expect(() => new AllowedFiles([dir.file('none')])).toThrow(/for configuration file\.allowed\.paths: Path .*none does not exist$/);
});
