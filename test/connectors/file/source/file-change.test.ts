import fs from 'node:fs';
import { FileChange } from '../../../../src/connectors/file/source/file-change';
import { TempDir } from '../../../helpers/temp-dir';
import { waitFor } from '../../../helpers/wait-for';

const dir = new TempDir('file-change');
const file = dir.write('watched', '');
let change: FileChange;

beforeEach(() => {
  change = new FileChange(file);
});
afterEach(() => {
  change.close();
  jest.restoreAllMocks();
});
afterAll(() => dir.remove());

const never = new AbortController().signal;

async function waitMs(signal = never): Promise<number> {
  const beganMs = performance.now();
  await change.wait(signal);
  return performance.now() - beganMs;
}

test('a change ends the wait at once, after the watcher has begun with the first wait', async () => {
  const watch = jest.spyOn(fs, 'watch');
  change.follow();
  expect(watch).not.toHaveBeenCalled();
  await change.wait(AbortSignal.timeout(50));
  await waitFor('the watcher', () => watch.mock.calls.length > 0);
  const quickest = await waitFor('a wait that a change ends', async () => {
    setTimeout(() => fs.appendFileSync(file, 'x\n'), 20);
    const ms = await waitMs();
    return ms < 500 && ms;
  });
  expect(quickest).toBeGreaterThan(0);
});

test.each(['ENOSPC', 'EMFILE'])('without watches left (%s) it looks once a second, and nothing fails', async code => {
  const watch = jest.spyOn(fs, 'watch').mockImplementation(() => {
    throw Object.assign(new Error(`${code}: simulated`), { code });
  });
  change.follow();
  for (let i = 0; i < 2; i++) {
    const ms = await waitMs();
    expect(ms).toBeGreaterThan(900);
    expect(ms).toBeLessThan(1900);
  }
  expect(watch).toHaveBeenCalled();
});

test('a missing file is not watched: the watcher would read the whole folder at each change in it', async () => {
  const watch = jest.spyOn(fs, 'watch');
  change = new FileChange(dir.file('missing'));
  expect(await waitMs()).toBeGreaterThan(900);
  expect(watch).not.toHaveBeenCalled();
});

test('after deletion nothing is watched any more, not the folder either', async () => {
  const doomed = dir.write('doomed', '');
  change = new FileChange(doomed);
  const watch = jest.spyOn(fs, 'watch');
  change.follow();
  await change.wait(AbortSignal.timeout(50));
  await waitFor('the watcher', () => watch.mock.calls.length > 0);
  await new Promise(resolve => setTimeout(resolve, 100));
  fs.rmSync(doomed);
  await change.wait(never);
  const before = watch.mock.calls.length;
  fs.writeFileSync(doomed, 'new');
  expect(await waitMs()).toBeGreaterThan(900);
  expect(watch.mock.calls.length).toBe(before);
});

test('the signal ends the wait, also one that was given before', async () => {
  expect(await waitMs(AbortSignal.timeout(30))).toBeLessThan(500);
  expect(await waitMs(AbortSignal.abort())).toBeLessThan(500);
});

test('waits leave no listeners on the signal', async () => {
  const { signal } = new AbortController();
  const added = jest.spyOn(signal, 'addEventListener');
  const removed = jest.spyOn(signal, 'removeEventListener');
  await change.wait(signal);
  expect(removed).toHaveBeenCalledTimes(added.mock.calls.length);
});
