import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { compiledTest } from '../../helpers/paths';
import { TempDir } from '../../helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('kerberos');
});
afterEach(() => dir.remove());

/** Makes clients of the real library, with a kinit that writes down what it is called with. */
function login(logins: readonly (readonly [string, string])[]): { errors: string[]; calls: string[][] } {
  const calls = dir.file('calls');
  const kinit = dir.write(
    'kinit',
    `#!/bin/bash\nprintf '%s\\0' "$@" >> ${calls}\nprintf '\\n' >> ${calls}\ncase "$*" in *nobody*) echo 'kinit: Client not found in database' >&2; exit 1;; esac\n`,
  );
  chmodSync(kinit, 0o755);
  const output = execFileSync(process.execPath, [compiledTest('helpers/processes/client-checks.js'), 'kerberos'], {
    env: { ...process.env, PATH: `${dir.path}:${process.env.PATH}`, LOGINS: JSON.stringify(logins) },
    cwd: dir.path,
    encoding: 'utf8',
  });
  const lines = existsSync(calls) ? readFileSync(calls, 'utf8').split('\0\n') : [''];
  return { errors: JSON.parse(output) as string[], calls: lines.slice(0, -1).map(line => line.split('\0')) };
}

test('a ticket is got by kinit itself and renewed, without a shell', () => {
  const { errors, calls } = login([['connect/host@REALM', '/etc/connect.keytab']]);
  expect(errors).toEqual([]);
  // At once, and after 200, 400 and 600 ms, as far as a busy machine keeps the time.
  expect(calls.length).toBeGreaterThan(1);
  for (const call of calls) expect(call).toEqual(['-k', '-t', '/etc/connect.keytab', '--', 'connect/host@REALM']);
});

test('no command runs, whatever principal and keytab hold', () => {
  const marker = dir.file('ran');
  const tricks = [`; touch ${marker} ;`, `$(touch ${marker})`, `\`touch ${marker}\``, `" ; touch ${marker} ; "`, `| touch ${marker}`];
  const more = [`&& touch ${marker}`, `\n touch ${marker}\n`, `> ${marker}`, `%{sasl.kerberos.service.name} ; touch ${marker}`];
  const { calls } = login([...tricks, ...more].flatMap(trick => [[`a${trick}`, '/k'] as const, ['a', `/k${trick}`] as const]));
  expect(existsSync(marker)).toBe(false);
  const given = calls.flat();
  for (const trick of tricks) expect(given).toEqual(expect.arrayContaining([`a${trick}`, `/k${trick}`]));
});

test('a ticket that cannot be had is an error in the words of kinit', () => {
  const { errors } = login([['nobody', '/k']]);
  expect(errors).toEqual([
    'org.apache.kafka.common.errors.SaslAuthenticationException: Could not get a Kerberos ticket for nobody with the keytab /k: kinit: Client not found in database',
  ]);
});

test('a keytab that is a pipe is refused before kinit waits for it', () => {
  execFileSync('mkfifo', [dir.file('pipe')]);
  const { errors, calls } = login([['a@REALM', dir.file('pipe')]]);
  expect(errors).toEqual([expect.stringContaining('pipe: it is not a regular file but a pipe (FIFO): name a regular file')]);
  expect(calls).toEqual([]);
});
