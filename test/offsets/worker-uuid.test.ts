import fs from 'node:fs';
import { workerUuid } from '../../src/offsets/worker-uuid';
import { TempDir } from '../helpers/temp-dir';

let dir: TempDir;
beforeEach(() => {
  dir = new TempDir('uuid');
});
afterEach(() => dir.remove());

test('is made once, and stays', async () => {
  const uuid = await workerUuid(dir.file('offsets'), null);
  expect(uuid).toMatch(/^[0-9a-f-]{36}$/);
  expect(await workerUuid(dir.file('offsets'), null)).toBe(uuid);
  expect(await workerUuid(dir.file('others'), null)).not.toBe(uuid);
});

test('the setting counts before the file, which stays as it is', async () => {
  const kept = await workerUuid(dir.file('offsets'), null);
  expect(await workerUuid(dir.file('offsets'), ' mine ')).toBe('mine');
  expect(await workerUuid(dir.file('offsets'), null)).toBe(kept);
});

test.each(['', 'two words', 'x'.repeat(101), 'a/b'])('a file with %j is refused, not replaced', async text => {
  fs.writeFileSync(dir.file('offsets.worker-uuid'), text);
  await expect(workerUuid(dir.file('offsets'), null)).rejects.toThrow('offsets.worker-uuid');
  expect(fs.readFileSync(dir.file('offsets.worker-uuid'), 'utf8')).toBe(text);
});

test('an offset file that keeps nothing needs the setting', async () => {
  await expect(workerUuid('/dev/null', null)).rejects.toThrow('worker.uuid');
  expect(await workerUuid('/dev/null', 'u')).toBe('u');
});
