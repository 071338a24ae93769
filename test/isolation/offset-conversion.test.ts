import { unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ConnectorThreads } from '../../src/isolation/connector-thread-handle';
import { offsetConverter } from '../../src/isolation/offset-conversion';
import { writeHashMap } from '../../src/java/serialization/java-hash-map';
import { logLevels } from '../../src/log';
import { FileOffsetStore } from '../../src/offsets/file-offset-store';
import type { OffsetEntry } from '../../src/thread/messages';
import { collectLog, makeFolder, noLock } from '../offsets/helpers';

const entryOf = (file: string, position: number): OffsetEntry => [JSON.stringify(['c', { filename: file }]), `{"position":${position}}`];

let file: string;
let path: string;
let log: string[];
/** What the threads have logged. */
let said: string[];
let threads: ConnectorThreads;
beforeEach(() => {
  file = join(makeFolder(), 'in.txt');
  path = join(makeFolder(), 'offsets');
  writeFileSync(file, 'äöü\nzwei\ndrei\n');
  log = collectLog();
  said = [];
  threads = new ConnectorThreads(logLevels, entry => said.push(`${entry.level} ${entry.message}`));
});
afterEach(async () => {
  expect(await threads.close(5000)).toBe(true);
});

test('the connectors that come with the worker convert their offsets, in a thread; all others stay', async () => {
  const others: OffsetEntry[] = [
    ['["c",{"table":"t"}]', '{"incrementing":9007199254740993}'],
    ['["c",{"filename":"x"}]', '[5]'],
    ['["c",{"filename":"x"}]', 'no json'],
    ['["c",{"filename":"x"}]', '{"position":5.5}'],
    ['["c",{"filename":"x"}]', null],
    ['["c",[]]', '{"position":5}'],
    ['no json', '{"position":5}'],
  ];
  const [key] = entryOf(file, 4);
  expect(await offsetConverter(threads)([...others, entryOf(file, 4), entryOf('/no/such/file', 4)], false)).toEqual([
    [key, '{"position":7}'],
  ]);
  expect(said).toEqual([expect.stringContaining('converted from 4 characters'), expect.stringContaining('the file is not there')]);
});

test('the store converts what Java wrote, once, and never what it wrote itself', async () => {
  const position = async (): Promise<string | null> => {
    const store = await FileOffsetStore.open(path, { convertForeign: offsetConverter(threads), takeLock: noLock });
    await store.close();
    return store.offset('c', JSON.stringify({ filename: file }));
  };
  const asJava = ([key, value]: OffsetEntry): Buffer => writeHashMap([[Buffer.from(key), Buffer.from(String(value))]]);
  writeFileSync(path, asJava(entryOf(file, 4)));
  expect(await position()).toBe('{"position":7}');
  expect(await position()).toBe('{"position":7}');
  expect(log.filter(line => line.includes('another program')).length).toBe(1);
  // A Java worker goes on from here, in between, and counts characters again.
  writeFileSync(path, asJava(entryOf(file, 9)));
  expect(await position()).toBe('{"position":12}');
});

test('a conversion that cannot be done leaves the file alone, and what is wrong is said', async () => {
  const content = writeHashMap([[Buffer.from(entryOf(file, 4)[0]), Buffer.from('{"position":4}')]]);
  writeFileSync(path, content);
  const opening = FileOffsetStore.open(path, { convertForeign: offsetConverter(threads), takeLock: noLock });
  // The worker is told to stop meanwhile.
  const ended = (async () => {
    while (!log.some(line => line.includes('another program'))) await new Promise(setImmediate);
    await threads.close(5000);
  })();
  await expect(opening).rejects.toThrow(/^Offsets of Kafka Connect on Java could not be converted, and stay as they are: The thread of/);
  await ended;
  const again = await FileOffsetStore.open(path, { convertForeign: offsetConverter(threads), takeLock: noLock });
  await again.close();
  expect(again.offset('c', JSON.stringify({ filename: file }))).toBe('{"position":7}');
});

test('an offset that has a mark is ours, also where the record of what we wrote is lost', async () => {
  const openStore = () => FileOffsetStore.open(path, { convertForeign: offsetConverter(threads), takeLock: noLock });
  const store = await openStore();
  // Not at the beginning of a line of the file that has the name by now.
  const [key, value] = entryOf(file, 5);
  await store.save([[key, value ?? '', 'mark'], entryOf(`${file}.other`, 5)]);
  await store.close();
  unlinkSync(`${path}.sha256`);
  const again = await openStore();
  await again.close();
  expect(again.offsetsForTask('c')).toEqual([[key, value, 'mark'], entryOf(`${file}.other`, 5)]);
  expect(log.at(-2)).toContain('looking at its offsets (1)');
});
