import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { inRepository } from '../../helpers/paths';
import { type Result, runCommand } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';

/** The driver is compiled, which takes a minute, and several on a machine that has other work. */
const COMPILE_LIMIT_MS = 600_000;
const ADDON = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';

let dir: TempDir;

/** A clone with all packages, but for a driver of SQLite that is of another Node: it is a file that cannot be loaded. */
beforeEach(() => {
  dir = new TempDir('setup');
  for (const folder of ['bin', 'src', 'node_modules']) mkdirSync(dir.file(folder));
  for (const file of ['bin/setup.mjs', 'package.json', 'package-lock.json', 'tsconfig.json', 'node_modules/.package-lock.json'])
    copyFileSync(inRepository(file), dir.file(file));
  dir.write('src/some.ts', 'export {};\n');
  const real = realpathSync(inRepository('node_modules'));
  for (const name of readdirSync(real).filter(entry => !entry.startsWith('.') && entry !== 'better-sqlite3'))
    symlinkSync(`${real}/${name}`, dir.file(`node_modules/${name}`));
  cpSync(`${real}/better-sqlite3`, dir.file('node_modules/better-sqlite3'), { recursive: true });
  writeFileSync(dir.file(ADDON), 'of another Node');
  // Compiled in a third of the time; how fast it runs is not asked here.
  const flags = dir.file('node_modules/better-sqlite3/deps/common.gypi');
  writeFileSync(flags, readFileSync(flags, 'utf8').replaceAll("'-O3'", "'-O0'"));
});

afterEach(() => dir.remove());

const setUp = (): Promise<Result> => runCommand(process.execPath, ['bin/setup.mjs'], { cwd: dir.path, timeoutMs: COMPILE_LIMIT_MS });

const loads = async (): Promise<boolean> =>
  (await runCommand(process.execPath, ['-e', "new (require('better-sqlite3'))(':memory:')"], { cwd: dir.path })).code === 0;

test(
  'a driver of SQLite that does not load with this Node is built for it, once',
  async () => {
    expect(await loads()).toBe(false);
    const first = await setUp();
    expect(first.stderr).toContain(`building the driver of SQLite for this Node (${process.version})`);
    expect(first.code).toBe(0);
    expect(await loads()).toBe(true);
    expect(await setUp()).toMatchObject({ code: 0, stderr: '' });
  },
  COMPILE_LIMIT_MS,
);

test('one that cannot be built is told once, and all else is set up', async () => {
  rmSync(dir.file('node_modules/better-sqlite3/binding.gyp'));
  const first = await setUp();
  expect(first.code).toBe(0);
  expect(first.stderr).toContain(`SQLite cannot be used with this Node (${process.version}), everything else can`);
  expect(existsSync(dir.file('dist/src/some.js'))).toBe(true);
  expect(await setUp()).toMatchObject({ code: 0, stderr: '' });
}, 120_000);
