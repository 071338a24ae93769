/** A log that rotates faster than it is read to its end, while the worker runs, freezes and is killed: every line is on the topic. */
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { RotatingLog, type RotationStyle } from '../../helpers/processes/rotating-log';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { consumeValues, endOffset, readTopic } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const HEAD = Array.from({ length: 60 }, (_, i) => `# every file begins with this line ${i}, and with those around it\n`).join('');
const STYLES: readonly (readonly [string, RotationStyle, number, number])[] = [
  ['a rename chain each second', { naming: 'chain' }, 5, 1000],
  ['a rename chain three times a second', { naming: 'chain' }, 15, 333],
  ['dateext', { naming: 'dateext' }, 8, 700],
  ['equal heads', { naming: 'chain', head: HEAD }, 8, 700],
  ['small files', { naming: 'chain', linesPerFile: 3 }, 60, 80],
  ['small files with equal heads', { naming: 'dateext', head: HEAD.slice(0, 500).replace(/[^\n]*$/, ''), linesPerFile: 1 }, 60, 80],
];

let dir: TempDir;
let topic: string;
let log: RotatingLog;
let worker: WorkerProcess;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('rotation');
  topic = `rotation-${counter++}-${Date.now().toString(36)}`;
});
afterEach(async () => {
  await worker.kill9();
  log.close();
  dir.remove();
});

async function start(settings: Settings = {}): Promise<void> {
  const connector = { name: 'in', 'connector.class': 'FileStreamSource', file: log.file, topic };
  worker = await startWorker({ bootstrap, dir, connectors: [connector], worker: { 'offset.flush.interval.ms': 60_000, ...settings } });
}

/** The last line is on the topic, and what comes after it, if anything, too. */
async function values(): Promise<string[]> {
  const last = log.written.at(-1);
  await waitFor('the last line', async () => (await consumeValues(bootstrap, topic, 1)).at(-1) === last, {
    timeoutMs: 60_000,
    everyMs: 500,
  });
  await sleep(300);
  return (await readTopic(bootstrap, topic)).map(({ value }) => value?.toString() ?? '');
}

/** Lines that are numbered, in the order in which they came first; and those that nobody wrote. */
function firstTimes(seen: readonly string[]): { lines: string[]; odd: string[] } {
  const written = new Set(log.written);
  return {
    lines: [...new Set(seen)].filter(line => !line.startsWith('#')),
    odd: seen.filter(line => !written.has(line)),
  };
}

const numbered = (): string[] => log.written.filter(line => !line.startsWith('#'));
const counters = async (): Promise<Record<string, unknown> | undefined> => {
  const { json } = await worker.get('/connectors/in/status?counters=true');
  return (json as { tasks: { counters: Record<string, unknown> }[] }).tasks[0]?.counters;
};

test.each(STYLES)('%s: every line, once and in order', async (_, style, rotations, everyMs) => {
  log = new RotatingLog(dir.file('app.log'), style);
  await start();
  await log.run(rotations, everyMs);
  expect(await values()).toEqual(log.written);
  expect(worker.output).not.toMatch(/ERROR|truncated/);
  expect(await counters()).toMatchObject({ read: log.written.length });
  expect(await counters()).not.toHaveProperty('unreadBytes');
});

test.each(STYLES)(
  '%s, and the worker stands still over several rotations: every line, once and in order',
  async (_, style, rotations, everyMs) => {
    log = new RotatingLog(dir.file('app.log'), style);
    await start();
    await log.run(rotations, everyMs, rotation => {
      if (rotation % 5 === 0) worker.child.signal('SIGSTOP');
      if (rotation % 5 === 3) worker.child.signal('SIGCONT');
    });
    worker.child.signal('SIGCONT');
    expect(await values()).toEqual(log.written);
    expect(worker.output).not.toMatch(/ERROR|truncated/);
  },
);

test.each(
  STYLES.flatMap(
    style =>
      [
        [...style, 'at-least-once'],
        [...style, 'exactly-once'],
      ] as const,
  ),
)('%s %#, and kill -9 in between: every line', async (_, style, rotations, everyMs, mode) => {
  const settings = mode === 'exactly-once' ? { 'exactly.once.source.support': 'enabled' } : {};
  log = new RotatingLog(dir.file('app.log'), style);
  await start(settings);
  // A worker that is killed before it has begun has nothing to go on from.
  await waitFor('the place of the beginning', async () => (await worker.get('/connectors/in/offsets')).text.includes('position'));
  // What REST shows is in memory; a kill leaves what is in the file.
  const isInFile = (): boolean => fs.existsSync(dir.file('offsets')) && dir.read('offsets').includes('position');
  if (mode === 'at-least-once') await waitFor('the place in the file', isInFile);
  let restarting = Promise.resolve();
  await log.run(rotations, everyMs, rotation => {
    if (rotation % Math.ceil(rotations / 3) !== 1) return;
    restarting = restarting.then(async () => {
      await worker.kill9();
      await start(settings);
    });
  });
  await restarting;
  const seen = await values();
  const { lines, odd } = firstTimes(seen);
  expect(odd).toEqual([]);
  expect(lines).toEqual(numbered());
  if (mode === 'exactly-once') expect(seen).toEqual(log.written);
  expect(worker.output).not.toMatch(/ERROR|truncated/);
});

test('five rotations while the worker is down: the rest of the old file, then the others in their order', async () => {
  log = new RotatingLog(dir.file('app.log'), { naming: 'chain' });
  log.write(100);
  await start();
  await consumeValues(bootstrap, topic, 100);
  await worker.stop();
  for (let i = 0; i < 5; i++) {
    log.write(200);
    log.rotate();
  }
  log.write(10);
  await start();
  expect(await values()).toEqual(log.written);
  expect(worker.output).not.toContain('ERROR');
});

test('a file that was deleted while the worker was down is an error with a count, and the new file is read from its start', async () => {
  log = new RotatingLog(dir.file('app.log'), { naming: 'chain' });
  log.write(100);
  await start();
  await consumeValues(bootstrap, topic, 100);
  await worker.stop();
  log.write(50);
  log.rotate();
  fs.rmSync(`${log.file}.1`);
  log.write(200);
  await start();
  await waitFor('the new lines', async () => (await endOffset(bootstrap, topic)) >= 300);
  expect(await values()).toEqual([...log.written.slice(0, 100), ...log.written.slice(151)]);
  await worker.waitLog(/ERROR .*app\.log: it was replaced while nobody read it.*NOT DELIVERED; the number of bytes is unknown/);
  expect(await counters()).toMatchObject({ unreadBytes: 0, unreadUnknown: 1 });
  await worker.stop();
  await worker.waitLog(/Task in-0: read 200 .*NOT READ: 0 bytes, and 1 times an unknown number/);
});

test('copytruncate, while the worker runs and while it does not: the rest comes from the copy', async () => {
  log = new RotatingLog(dir.file('app.log'), { naming: 'chain' });
  log.write(100);
  await start();
  await consumeValues(bootstrap, topic, 100);
  const copyTruncate = (): void => {
    if (fs.existsSync(`${log.file}.1`)) fs.renameSync(`${log.file}.1`, `${log.file}.2`);
    fs.copyFileSync(log.file, `${log.file}.1`);
    fs.truncateSync(log.file, 0);
  };
  worker.child.signal('SIGSTOP');
  log.write(200);
  copyTruncate();
  log.write(10);
  worker.child.signal('SIGCONT');
  expect(await values()).toEqual(log.written);
  await worker.stop();
  log.write(20);
  copyTruncate();
  log.write(300);
  await start();
  expect(await values()).toEqual(log.written);
  expect(worker.output).not.toContain('ERROR');
});
