import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compiledTest } from '../../helpers/paths';
import { Child } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

/** A run with a folder, a frozen process, and one that has children of its own and ignores what can be ignored. */
const RUN = `
  const { Child } = require(${JSON.stringify(compiledTest('helpers/processes/child'))});
  const { TempDir } = require(${JSON.stringify(compiledTest('helpers/temp-dir'))});
  require(${JSON.stringify(join(__dirname, 'interrupt'))}).endTidilyOnSignals();
  const dir = new TempDir('fault');
  dir.write('file', 'text');
  const frozen = new Child('sleep', ['600']);
  const deaf = new Child('sh', ['-c', 'trap "" INT TERM HUP; sleep 600 & echo $!; wait']);
  setInterval(() => new Child('true', []), 50);
  const started = setInterval(() => {
    if (!deaf.stdout.includes('\\n')) return;
    clearInterval(started);
    frozen.signal('SIGSTOP');
    process.stdout.write(JSON.stringify([frozen.pid, deaf.pid, Number(deaf.stdout)]) + '\\n');
  }, 20);
`;

/** Not there, or only its exit code is. */
function isGone(pid: number): boolean {
  return !existsSync(`/proc/${pid}/stat`) || /\) [ZX]/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('a run that is ended by %s leaves no process and no folder behind', async signal => {
  const outer = new TempDir('interrupt');
  const run = new Child(process.execPath, ['-e', RUN], { env: { ...process.env, TMPDIR: outer.path } });
  const line = await waitFor('its processes', () => run.stdout.includes('\n') && run.stdout, { timeoutMs: 30_000 });
  const pids = JSON.parse(line) as number[];
  expect(pids.map(isGone)).toEqual([false, false, false]);
  expect(readdirSync(outer.path)).toHaveLength(1);
  run.signal(signal);
  const { code } = await run.exited;
  expect(code).toBe(128 + { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 }[signal]);
  expect(pids.map(isGone)).toEqual([true, true, true]);
  expect(readdirSync(outer.path)).toEqual([]);
  outer.remove();
});
