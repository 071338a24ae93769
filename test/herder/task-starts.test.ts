import { ConnectError } from '../../src/errors';
import { isWantOfResources, scarceResource } from '../../src/herder/resources';
import { startTasks } from '../../src/herder/task-starts';
import type { TaskId } from '../../src/thread/messages';
import { TempDir } from '../helpers/temp-dir';

const idsOf = (count: number): TaskId[] => Array.from({ length: count }, (_, task) => ({ connector: 'c', task }));

/** Starts this many tasks; each says how it is after a turn of the loop. */
async function start(count: number, fails: (task: number) => Error | null, scarce: (started: number) => string | null = () => null) {
  let [now, most, started] = [0, 0, 0];
  const refused: number[] = [];
  const reasons = new Set<string>();
  await startTasks(
    idsOf(count),
    {
      start: async ({ task }) => {
        started++;
        most = Math.max(most, ++now);
        const up = new Promise<Error | null>(resolve =>
          setImmediate(() => {
            now--;
            resolve(fails(task));
          }),
        );
        return { up };
      },
      refuse: (ids, error) => {
        refused.push(...ids.map(({ task }) => task));
        reasons.add(error.message);
      },
    },
    () => scarce(started),
  );
  return { most, started, refused: refused.length, reasons: [...reasons] };
}

test('tasks are started a few at a time', async () => {
  const { most, started, refused } = await start(200, () => null);
  expect([started, refused]).toEqual([200, 0]);
  expect(most).toBeLessThanOrEqual(16);
});

test('the first that lacks descriptors or memory is the last that is tried', async () => {
  const { started, refused, reasons } = await start(500, task => (task === 40 ? new Error('EMFILE: too many open files, open /x') : null));
  expect(started).toBeLessThan(80);
  expect(started + refused).toBe(500);
  expect(reasons).toEqual([expect.stringMatching(/resources have run short: task c-40 has failed with "EMFILE/)]);
});

test('failures of other kinds keep nobody from starting', async () => {
  expect(await start(50, () => new ConnectError('ConfigException', 'no'))).toMatchObject({ started: 50, refused: 0 });
});

test('what runs out is seen before it is gone', async () => {
  const { started, reasons } = await start(
    500,
    () => null,
    begun => (begun >= 64 ? '990 of 1024 file descriptors are in use' : null),
  );
  expect([started, reasons]).toEqual([64, [expect.stringContaining('990 of 1024 file descriptors are in use')]]);
});

test('a task that does not say how it is holds the others up for a while only', async () => {
  const begun = Date.now();
  let started = 0;
  const how = { start: async () => ({ up: new Promise<null>(() => started++) }), refuse: () => {} };
  await startTasks(idsOf(17), how, () => null);
  expect(started).toBe(17);
  expect(Date.now() - begun).toBeLessThan(10_000);
});

test.each([
  [Object.assign(new Error('x'), { code: 'ERR_WORKER_OUT_OF_MEMORY' }), true],
  [new Error('outer', { cause: new Error('Failed to create thread: Resource temporarily unavailable') }), true],
  [new Error('no such table'), false],
  ['a text', false],
])('%s is a want of resources: %s', (error, wanted) => {
  expect(isWantOfResources(error)).toBe(wanted);
});

describe('what is scarce', () => {
  let dir: TempDir;
  beforeEach(() => {
    dir = new TempDir('resources');
  });
  afterEach(() => dir.remove());

  const look = (files: Readonly<Record<string, string>>): string | null => {
    for (const [name, text] of Object.entries(files)) dir.write(name, text);
    return scarceResource({ proc: dir.path, cgroup: dir.path });
  };

  test('nothing on this machine, nor where nobody knows', () => {
    expect([scarceResource(), look({})]).toEqual([null, null]);
  });

  test.each<[string, Readonly<Record<string, string>>, RegExp]>([
    [
      'descriptors',
      { 'self/limits': 'Max open files            50         50         files\n', 'self/fd/0': '' },
      /1 of 50 file descriptors/,
    ],
    ['threads of a group', { 'pids.max': '500\n', 'pids.current': '450\n' }, /450 of 500 threads/],
    ['threads of the machine', { 'sys/kernel/threads-max': '900\n', loadavg: '0.1 0.1 0.1 2/880 123\n' }, /880 of the 900 threads/],
    ['memory of the machine', { meminfo: 'MemAvailable:     10240 kB\n' }, /only 10 MiB of memory/],
    [
      'memory of a group',
      { 'memory.max': '209715200\n', 'memory.current': '199229440\n', 'memory.stat': 'inactive_file 0\n' },
      /only 10 MiB/,
    ],
  ])('%s', (_, files, wanted) => {
    expect(look(files)).toMatch(wanted);
  });

  test('no limit is no want', () => {
    expect(look({ 'pids.max': 'max\n', 'pids.current': '450\n', 'memory.max': 'max\n', 'memory.current': '1\n' })).toBeNull();
  });
});
