import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectoryConfigProvider } from '../../../src/config/providers/directory-config-provider';
import { EnvVarConfigProvider } from '../../../src/config/providers/env-var-config-provider';
import { FileConfigProvider } from '../../../src/config/providers/file-config-provider';
import { createConfigProviders } from '../../../src/config/providers/provider-table';

const root = mkdtempSync(join(tmpdir(), 'providers-'));
const open = join(root, 'open');
const closed = join(root, 'open-not');
for (const directory of [open, closed, join(open, 'sub')]) mkdirSync(directory);
writeFileSync(join(open, 'user'), 'é\n');
writeFileSync(join(closed, 'user'), 'hidden');
writeFileSync(join(root, 'x.properties'), 'a=é\nb=2\n');
symlinkSync(join(open, 'user'), join(open, 'link'));

/** What keeps whoever reads it. */
const fifo = join(open, 'fifo');
execFileSync('mkfifo', [fifo]);
const large = join(open, 'large');
writeFileSync(large, '');
truncateSync(large, 1024 * 1024 + 1);

/** The error with what has caused it. */
function problemOf(get: () => unknown): string {
  try {
    get();
  } catch (error) {
    const { message, cause } = error as Error;
    return `${message} (${(cause as Error | undefined)?.message})`;
  }
  throw new Error('nothing was wrong');
}

const keys = (...names: string[]): ReadonlySet<string> => new Set(names);

describe('file', () => {
  const provider = new FileConfigProvider();

  test('reads UTF-8 and answers only what was asked', () => {
    expect(provider.get(join(root, 'x.properties'), keys('a', 'zz')).data).toEqual({ a: 'é' });
  });

  test('an empty path has no values', () => {
    expect(provider.get('', keys('a')).data).toEqual({});
  });

  test('a missing file is an error', () => {
    expect(() => provider.get('/no/such', keys('a'))).toThrow('Could not read properties from file /no/such');
  });

  test.each([
    [fifo, 'it is not a regular file but a pipe (FIFO): name a regular file'],
    ['/dev/zero', 'it is not a regular file but a device: name a regular file'],
    [large, 'it has 1048577 bytes, but at most 1048576 bytes are read of such a file: check that it is the right one'],
    [open, 'Is a directory'],
  ])('%s is an error that says why, and keeps nobody waiting', (path, why) => {
    expect(problemOf(() => provider.get(path, keys('a')))).toBe(`Could not read properties from file ${path} (${why})`);
  });
});

describe('directory', () => {
  const provider = new DirectoryConfigProvider();

  test('regular files are keys, their content untrimmed; links count as what they point to', () => {
    expect(provider.get(open, keys('user', 'sub', 'link', 'none')).data).toEqual({ user: 'é\n', link: 'é\n' });
  });

  test('pipes and names that no file can have are no keys, a file that is too long is an error', () => {
    expect(provider.get(open, keys('fifo', 'x'.repeat(300), '.', '..', '', 'a\0b', 'user')).data).toEqual({ user: 'é\n' });
    expect(problemOf(() => provider.get(open, keys('large')))).toContain(`for property large (it has 1048577 bytes`);
    expect(provider.get('/dev', keys('zero')).data).toEqual({});
    expect(provider.get(`a\0b`, keys('x')).data).toEqual({});
    expect(provider.get(join(open, 'y'.repeat(300)), keys('x')).data).toEqual({});
  });

  test('of a large folder only what is asked for is looked at, and only so much', () => {
    const folder = join(root, 'many');
    mkdirSync(folder);
    const names = Array.from({ length: 5 }, (_, i) => `k${i}`);
    for (const name of names) writeFileSync(join(folder, name), 'x'.repeat(1024 * 1024));
    for (let i = 0; i < 20_000; i++) symlinkSync('k0', join(folder, `link${i}`));
    const before = process.cpuUsage().system;
    for (let i = 0; i < 100; i++) provider.get(folder, keys('none'));
    expect(process.cpuUsage().system - before).toBeLessThan(100_000);
    expect(Object.keys(provider.get(folder, keys(...names.slice(1))).data)).toHaveLength(4);
    expect(() => provider.get(folder, keys(...names))).toThrow('ask for files of more than 4194304 bytes altogether');
  });

  test('no file outside of the directory can be named', () => {
    expect(provider.get(open, keys('../x.properties')).data).toEqual({});
  });

  test.each(['', '/no/such', join(root, 'x.properties')])('%j has no values', path => {
    expect(provider.get(path, keys('user')).data).toEqual({});
  });
});

describe('allowed.paths', () => {
  test.each([
    [open, { user: 'é\n' }],
    [`${open}/`, { user: 'é\n' }],
    [`${open}/../open`, { user: 'é\n' }],
    [closed, {}],
    [`${open}/../open-not`, {}],
    [root, {}],
  ])('%s', (path, wanted) => {
    const provider = new DirectoryConfigProvider();
    provider.configure({ 'allowed.paths': open });
    expect(provider.get(path, keys('user')).data).toEqual(wanted);
  });

  test.each([
    ['relative/path', 'Path relative/path is not absolute'],
    ['/no/such/place', 'Path /no/such/place does not exist'],
    [`${open}, ${closed}`, `Path  ${closed} is not absolute`],
  ])('%s is refused', (setting, problem) => {
    expect(() => new FileConfigProvider().configure({ 'allowed.paths': setting })).toThrow(problem);
  });
});

describe('env', () => {
  const environment = { HOME: '/h', SECRET_A: '1', NOTHING: undefined };

  test.each([
    [{}, { HOME: '/h', SECRET_A: '1' }],
    [{ 'allowlist.pattern': 'SECRET' }, {}],
    [{ 'allowlist.pattern': '(?i)secret_.*' }, { SECRET_A: '1' }],
  ])('%j', (props, wanted) => {
    const provider = new EnvVarConfigProvider(environment);
    provider.configure(props);
    expect(provider.get('', keys('HOME', 'SECRET_A', 'NOTHING')).data).toEqual(wanted);
  });

  test('a path is an error', () => {
    expect(() => new EnvVarConfigProvider().get('p', keys())).toThrow("Path is not supported for EnvVarConfigProvider, invalid value 'p'");
  });
});

describe('settings that name providers', () => {
  const classOf = (name: string): string => `org.apache.kafka.common.config.provider.${name}`;

  test('each gets its own parameters', () => {
    const providers = createConfigProviders({
      'config.providers': 'dir, env,unused',
      'config.providers.dir.class': classOf('DirectoryConfigProvider'),
      'config.providers.dir.param.allowed.paths': open,
      'config.providers.env.class': classOf('EnvVarConfigProvider'),
    });
    expect([...providers.keys()]).toEqual(['dir', 'env']);
    expect(providers.get('dir')?.get(closed, keys('user')).data).toEqual({});
  });

  test('an unknown class is an error that names the key', () => {
    expect(() => createConfigProviders({ 'config.providers': 'x', 'config.providers.x.class': 'no.Such' })).toThrow(
      'Invalid value no.Such for configuration config.providers.x.class: Could not load config provider class or one of its dependencies',
    );
  });
});

test.each([
  ['EnvVar', 'allowlist.pattern', '(', 'Invalid value ( for configuration allowlist.pattern: Unclosed group near index 1\n('],
  ['File', 'allowed.paths', '/no/such/place', 'Path /no/such/place does not exist'],
])('%s: a parameter that will not do is told under its whole name', (kind, key, value, message) => {
  const className = `org.apache.kafka.common.config.provider.${kind}ConfigProvider`;
  const problems: [string | null, string][] = [];
  createConfigProviders(
    { 'config.providers': 'p', 'config.providers.p.class': className, [`config.providers.p.param.${key}`]: value },
    (name, error) => problems.push([name, error.message]),
  );
  expect(problems).toEqual([[`config.providers.p.param.${key}`, message]]);
});
