import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getLogger } from '../../src/log';
import { PositionHashes } from '../../src/offsets/position-hashes';
import type { OffsetEntry } from '../../src/thread/messages';
import { collectLog, makeFolder } from './helpers';

let file: string;
let hashes: PositionHashes;
let log: string[];
beforeEach(() => {
  file = join(makeFolder(), 'lines');
  writeFileSync(file, 'old line\n'.repeat(1000));
  hashes = new PositionHashes(getLogger('test'));
  log = collectLog();
});

const entry = (position: number): OffsetEntry => [`["c",{"filename":"${file}"}]`, `{"position":${position}}`];

test.each([
  ['at the beginning', () => entry(0)],
  ['behind the end of the file', () => entry(9001)],
  ['that was removed', (): OffsetEntry => [entry(9)[0], null]],
  ['of another connector', (): OffsetEntry => ['["c",{"table":"t"}]', '{"position":9}']],
  ['that says more than a position', (): OffsetEntry => [entry(9)[0], '{"position":9,"more":1}']],
])('there is no hash for an offset %s', async (_, which) => {
  expect(await hashes.hashOf(which())).toBeNull();
});

test('a hash is of the KiB before the position, and of nothing else', async () => {
  const before = [await hashes.hashOf(entry(1800)), await hashes.hashOf(entry(900))];
  expect(before).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), expect.stringMatching(/^[0-9a-f]{32}$/)]);
  writeFileSync(file, `${'X'.repeat(1800 - 1024)}${'old line\n'.repeat(1000).slice(1800 - 1024, 1800)}other`);
  expect(await hashes.hashOf(entry(1800))).toBe(before[0]);
  expect(await hashes.hashOf(entry(900))).not.toBe(before[1]);
});

test('an offset of a file that is another one becomes 0, each time it is asked for, and a warning says so', async () => {
  const hash = await hashes.hashOf(entry(900));
  writeFileSync(file, 'new line\n'.repeat(1000));
  for (let i = 0; i < 2; i++) expect(await hashes.check(entry(900), hash)).toEqual(entry(0));
  const warning = `WARN File ${file} was rewritten or replaced while nobody read it: the bytes before position 900 have changed. Reading it from 0.`;
  expect(log).toEqual([warning, warning]);
});

test.each([
  ['is as it was', () => undefined],
  ['has grown', () => writeFileSync(file, 'old line\n'.repeat(2000))],
  ['is gone', () => rmSync(file)],
  ['is shorter than the position, which the task sees for itself', () => truncateSync(file, 100)],
])('an offset of a file that %s stays, without a word', async (_, change) => {
  const hash = await hashes.hashOf(entry(900));
  change();
  expect(await hashes.check(entry(900), hash)).toEqual(entry(900));
  expect(log).toEqual([]);
});

test('an offset without a hash stays: nobody knows what was before it', async () => {
  expect(await hashes.check(entry(900), null)).toEqual(entry(900));
});

test('an offset that was removed stays removed, whatever hash it has', async () => {
  const removed: OffsetEntry = [entry(900)[0], null];
  expect(await hashes.check(removed, 'f'.repeat(32))).toEqual(removed);
});

test('a thread that has other work meanwhile still has its hash', async () => {
  const asked = hashes.hashOf(entry(900));
  for (let block = 0; block < 2; block++) {
    const until = Date.now() + 600;
    while (Date.now() < until) {
      // nothing else can run
    }
    await new Promise(resolve => setImmediate(resolve));
  }
  expect(await asked).toEqual(expect.stringMatching(/^[0-9a-f]{32}$/));
});
