import fs from 'node:fs';
import path from 'node:path';
import { inRepository, repositoryRoot } from '../../helpers/paths';
import { type Result, runCommand } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';

describe('npm install -g .', () => {
  const dir = new TempDir('install');
  const prefix = dir.file('prefix');
  const elsewhere = path.dirname(dir.write('elsewhere/empty', ''));
  afterAll(() => dir.remove());

  beforeAll(async () => {
    const args = ['install', '--global', '--offline', '--prefix', prefix, '.'];
    const installed = await runCommand('npm', args, { cwd: repositoryRoot, timeoutMs: 60_000 });
    expect(installed).toMatchObject({ code: 0 });
  });

  /** Runs the command by its bare name, in another folder. */
  const command = (...args: string[]): Promise<Result> =>
    runCommand('sh', ['-c', 'exec connect-standalone "$@"', 'sh', ...args], {
      cwd: elsewhere,
      env: { ...process.env, PATH: `${prefix}/bin:${process.env.PATH}` },
    });

  test('puts connect-standalone on the PATH; --help shows the usage and exits 1 as the original does', async () => {
    const help = await command('--help');
    expect(help.code).toBe(1);
    expect(help.stdout.toString() + help.stderr).toMatch(/usage: .*connect-standalone.*worker\.properties/i);
  });

  test('--version prints the version of the package', async () => {
    const { version } = JSON.parse(fs.readFileSync(inRepository('package.json'), 'utf8')) as { version: string };
    const answer = await command('--version');
    expect(answer.code).toBe(0);
    expect(answer.stdout.toString()).toContain(version);
  });

  test('a worker file that is not there is reported with exit code 2', async () => {
    expect(await command('missing.properties')).toMatchObject({ code: 2 });
  });
});

test('a command that is not built says how to build it', async () => {
  const dir = new TempDir('unbuilt');
  fs.mkdirSync(dir.file('bin'));
  fs.copyFileSync(inRepository('bin/connect-standalone'), dir.file('bin/connect-standalone'));
  const result = await runCommand(dir.file('bin/connect-standalone'), ['worker.properties']);
  expect(result).toMatchObject({ code: 2 });
  expect(result.stderr).toContain(`npm --prefix ${fs.realpathSync(dir.path)} run setup`);
  dir.remove();
});
