import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { readHashMap, writeHashMap } from '../../src/java/serialization/java-hash-map';
import { FileOffsetStore } from '../../src/offsets/file-offset-store';
import type { OffsetEntry } from '../../src/thread/messages';
import { collectLog, makeFolder, noLock } from './helpers';

const pair = (connector: string, file: string, position: number): readonly [string, string] => [
  `["${connector}",{"filename":"${file}"}]`,
  `{"position":${position}}`,
];
const entry: (...args: Parameters<typeof pair>) => OffsetEntry = pair;
const javaFile = (...entries: OffsetEntry[]): Buffer =>
  writeHashMap(entries.map(([key, value]) => [Buffer.from(key), value === null ? null : Buffer.from(value)]));

let folder: string;
let path: string;
let log: string[];
let stores: FileOffsetStore[];
beforeEach(() => {
  folder = makeFolder();
  path = join(folder, 'connect.offsets');
  log = collectLog();
  stores = [];
});
afterEach(async () => {
  for (const store of stores) await store.close();
});

async function open(file = path): Promise<FileOffsetStore> {
  const store = await FileOffsetStore.open(file, { takeLock: noLock });
  stores.push(store);
  return store;
}

test('a missing file is an empty store, said at INFO', async () => {
  const store = await open();
  expect(store.offsetsOf('c')).toEqual([]);
  expect(log.some(line => line.startsWith('INFO') && line.includes('does not exist yet'))).toBe(true);
  expect(existsSync(path)).toBe(false);
});

test('what is saved is there after opening again, and is what Java would write', async () => {
  const store = await open();
  await store.save([entry('local-file-source', 'test.txt', 22)]);
  expect(readFileSync(path).toString('base64')).toBe(
    'rO0ABXNyABFqYXZhLnV0aWwuSGFzaE1hcAUH2sHDFmDRAwACRgAKbG9hZEZhY3RvckkACXRocmVzaG9sZHhwP0AAAAAAAAx3CAAAABAAAAABdXIAAltCrPMX+AYIVOACAAB4cAAAAC1bImxvY2FsLWZpbGUtc291cmNlIix7ImZpbGVuYW1lIjoidGVzdC50eHQifV11cQB+AAIAAAAPeyJwb3NpdGlvbiI6MjJ9eA==',
  );
  await store.close();
  const again = await open();
  expect(again.offsetsOf('local-file-source')).toEqual([entry('local-file-source', 'test.txt', 22)]);
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([]);
});

test('partitions match with names in any order; the spelling that Java knows stays', async () => {
  writeFileSync(path, javaFile(['["c",{"b":9007199254740993,"a":"x"}]', '{"o":1}']));
  const store = await open();
  expect(store.offset('c', '{"a":"x","b":9007199254740993}')).toBe('{"o":1}');
  expect(store.offset('c', '{"a":"x","b":9007199254740992}')).toBeNull();
  await store.save([['["c",{"a":"x","b":9007199254740993}]', '{"o":2}']]);
  expect(readHashMap(readFileSync(path)).map(String)).toEqual(['["c",{"b":9007199254740993,"a":"x"}],{"o":2}']);
});

test('null removes an offset and stays as an entry', async () => {
  const store = await open();
  await store.save([entry('c', 'a', 1), entry('c', 'b', 2), entry('d', 'a', 3)]);
  await store.save([['["c",{"filename":"a"}]', null]]);
  expect(store.offsetsOf('c')).toEqual([entry('c', 'b', 2)]);
  expect(readHashMap(readFileSync(path)).length).toBe(3);
});

test('keys that are no offset keys are kept and warned about', async () => {
  writeFileSync(
    path,
    writeHashMap([
      [Buffer.from('junk'), Buffer.from('1')],
      [Buffer.from([0xff]), null],
      [null, Buffer.from('2')],
    ]),
  );
  const store = await open();
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([
    'WARN Ignoring offset partition key with unknown serialization. Expected json.',
    'WARN Ignoring offset partition key with unknown serialization. Expected json.',
    'WARN Ignoring offset partition key with an unexpected null value',
  ]);
  await store.save([entry('c', 'a', 1)]);
  expect(
    readHashMap(readFileSync(path))
      .map(([key]) => key?.toString('hex'))
      .slice(0, 3),
  ).toEqual(['6a756e6b', 'ff', undefined]);
});

test('of a thousand keys that are none the first are told, cut short, and how many there are', async () => {
  writeFileSync(path, writeHashMap(Array.from({ length: 1000 }, (_, i) => [Buffer.from(`{"junk ${i}":"${'x'.repeat(10_000)}"}`), null])));
  await open();
  const warnings = log.filter(line => line.startsWith('WARN'));
  expect(warnings).toHaveLength(21);
  expect(warnings.at(-1)).toBe('WARN 980 more entries of the offset file are like that');
  expect(Math.max(...warnings.map(line => line.length))).toBeLessThan(1000);
});

test('saves that overlap are written together, and the last value counts', async () => {
  const store = await open();
  await Promise.all(Array.from({ length: 100 }, (_, i) => store.save([entry('c', 'a', i), entry('c', `f${i}`, i)])));
  await store.close();
  const again = await open();
  expect(again.offset('c', '{"filename":"a"}')).toBe('{"position":99}');
  expect(again.offsetsOf('c').length).toBe(101);
});

test('after a failed save all its callers know, and the next save writes everything', async () => {
  const store = await open();
  await store.save([entry('c', 'a', 1)]);
  mkdirSync(`${path}.next`);
  const results = await Promise.allSettled([store.save([entry('c', 'a', 2)]), store.save([entry('c', 'b', 3)])]);
  for (const result of results)
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining(`${path}.next: it is a folder (EISDIR)`) },
    });
  expect(readHashMap(readFileSync(path)).length).toBe(1);
  rmdirSync(`${path}.next`);
  await store.save([]);
  await store.close();
  const again = await open();
  expect(again.offsetsOf('c')).toEqual([entry('c', 'a', 2), entry('c', 'b', 3)]);
});

test('what a failed save has left is written at the end, if there is room by then; else it is told', async () => {
  const store = await open();
  const other = await open(join(folder, 'other'));
  for (const name of [path, join(folder, 'other')]) mkdirSync(`${name}.next`);
  await expect(store.save([entry('c', 'a', 1)])).rejects.toThrow('Cannot write');
  await expect(other.save([entry('c', 'a', 1)])).rejects.toThrow('Cannot write');
  rmdirSync(`${path}.next`);
  expect([await store.close(), await other.close()]).toEqual([true, false]);
  expect((await open()).offsetsOf('c')).toEqual([entry('c', 'a', 1)]);
  expect(log.filter(line => line.startsWith('ERROR'))).toEqual([
    'ERROR Offsets could not be saved at the end: sources go on from those saved before',
  ]);
});

test('a file that cannot be replaced for long is still known as ours', async () => {
  const store = await open();
  await store.save([entry('c', 'a', 1)]);
  // Written up to the last step.
  mkdirSync(`${path}.previous.tmp`);
  for (let position = 2; position < 40; position++) await expect(store.save([entry('c', 'a', position)])).rejects.toThrow('it is a folder');
  const convertForeign = jest.fn(async () => []);
  const again = await FileOffsetStore.open(path, { takeLock: noLock, convertForeign });
  stores.push(again);
  expect([again.offsetsOf('c'), convertForeign.mock.calls]).toEqual([[entry('c', 'a', 1)], []]);
});

test('a closed store refuses to save', async () => {
  const store = await open();
  await store.close();
  await expect(store.save([])).rejects.toThrow('The offset store is closed');
});

describe('damage', () => {
  async function twoGenerations(): Promise<Buffer> {
    const store = await open();
    await store.save([entry('c', 'a', 1)]);
    await store.save([entry('c', 'a', 2)]);
    await store.close();
    return readFileSync(path);
  }

  test('a file cut off anywhere gives the previous generation, loudly, and is repaired by the next save', async () => {
    const whole = await twoGenerations();
    for (let length = 0; length < whole.length; length += 7) {
      writeFileSync(path, whole.subarray(0, length));
      const lines = collectLog();
      const store = await open();
      expect(store.offsetsOf('c')).toEqual([entry('c', 'a', 1)]);
      expect(lines.find(line => line.startsWith('WARN'))).toMatch(`Offset file ${path} is DAMAGED`);
      expect(lines.join()).toContain(`${path}.previous`);
      expect(lines.join()).not.toContain('written by another program');
      await store.close();
    }
    const store = await open();
    await store.save([entry('c', 'a', 3)]);
    expect(readHashMap(readFileSync(`${path}.previous`)).map(String)).toEqual([entry('c', 'a', 1).join()]);
    expect(existsSync(`${path}.damaged`)).toBe(true);
    expect(readHashMap(readFileSync(path)).map(String)).toEqual([entry('c', 'a', 3).join()]);
  });

  test('of 0 bytes where nothing was ever saved: a new file, as touch and mktemp make it, said at WARN', async () => {
    writeFileSync(path, '');
    const lines = collectLog();
    const store = await open();
    expect(lines.find(line => line.startsWith('WARN'))).toMatch(`Offset file ${path} is empty (0 bytes)`);
    await store.save([entry('c', 'a', 1)]);
    await store.close();
    expect(readHashMap(readFileSync(path)).map(String)).toEqual([entry('c', 'a', 1).join()]);
    // From now on an empty file is a damaged one.
    writeFileSync(path, '');
    await expect(open()).rejects.toThrow('it is empty (0 bytes)');
  });

  test.each([5, 100])('of %d bytes without a previous generation: an error with path and remedy, the file untouched', async length => {
    const torn = javaFile(entry('c', 'a', 2)).subarray(0, length);
    writeFileSync(path, torn);
    await expect(open()).rejects.toThrow(
      new RegExp(`Offset file ${path} is damaged: it .*previous generation .* does not exist.*delete it if all sources.*topic of offsets`),
    );
    expect(readFileSync(path).equals(torn)).toBe(true);
  });

  test('of both generations names both', async () => {
    await twoGenerations();
    writeFileSync(path, 'x');
    writeFileSync(`${path}.previous`, '');
    await expect(open()).rejects.toThrow(/is damaged: .*previous is damaged too: it is empty \(0 bytes\)/);
  });

  test('any bit that flips on the disk gives the previous generation, loudly: a wrong digit is not taken for a position', async () => {
    const whole = await twoGenerations();
    const { atimeMs, mtimeMs } = statSync(path);
    for (let at = 0; at < whole.length; at += 3) {
      const flipped = Buffer.from(whole);
      flipped.writeUInt8(flipped.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(path, flipped);
      utimesSync(path, atimeMs / 1000, mtimeMs / 1000);
      const lines = collectLog();
      const store = await open();
      expect(store.offsetsOf('c')).toEqual([entry('c', 'a', 1)]);
      expect(lines.find(line => line.startsWith('WARN'))).toMatch(/is DAMAGED: its content has changed, though nothing was written to it/);
      await store.close();
    }
  });

  test.each(['sha256', 'marks', 'marks.copy', 'previous'])(
    'of .%s, cut or flipped anywhere, costs nothing: the offset stays, with its mark',
    async companion => {
      const store = await open();
      for (const position of [1, 2, 3]) await store.save([[...pair('c', 'a', position), `mark ${position}`]]);
      await store.close();
      const name = `${path}.${companion}`;
      const good = readFileSync(name);
      const { atime, mtime } = statSync(name);
      const flips = Array.from(good, (byte, at) => {
        const flipped = Buffer.from(good);
        flipped[at] = byte ^ (1 << (at % 8));
        return flipped;
      });
      const cuts = Array.from({ length: good.length }, (_, length) => good.subarray(0, length));
      const seen = new Set<string>();
      for (const damaged of [...flips, ...cuts]) {
        writeFileSync(name, damaged);
        utimesSync(name, atime, mtime);
        const again = await FileOffsetStore.open(path, { takeLock: noLock, convertForeign: async () => [] });
        await again.close();
        seen.add(JSON.stringify(again.offsetsForTask('c')));
        // What was saved on the way, since the file seemed to be that of another program.
        writeFileSync(name, good);
      }
      const [key, value] = pair('c', 'a', 3);
      expect([...seen]).toEqual([JSON.stringify([[key, value, 'mark 3']])]);
    },
  );

  test('a foreign object is named', async () => {
    writeFileSync(path, Buffer.from('aced0005737200116a6176612e7574696c2e547265654d6170', 'hex'));
    await expect(open()).rejects.toThrow('Expected HashMap but found class java.util.TreeMap');
  });

  test('a file that was removed stays removed: the previous generation does not come back', async () => {
    await twoGenerations();
    unlinkSync(path);
    const store = await open();
    expect(store.offsetsOf('c')).toEqual([]);
    await store.save([entry('c', 'z', 9)]);
    expect(existsSync(`${path}.previous`)).toBe(false);
  });
});

describe('places', () => {
  test('a missing folder is named with a remedy', async () => {
    await expect(open(join(folder, 'no/such/offsets'))).rejects.toThrow(
      /Cannot use offset file .*: no such file or folder \(ENOENT\). Create the folder/,
    );
  });

  test('a folder as file is refused', async () => {
    await expect(open(folder)).rejects.toThrow('it is not a regular file');
  });

  test('a symbolic link is kept and its target written, also one that points to nothing yet', async () => {
    mkdirSync(join(folder, 'real'));
    symlinkSync('real/offsets', path);
    const store = await open();
    await store.save([entry('c', 'a', 1)]);
    await store.save([entry('c', 'a', 2)]);
    expect(statSync(path).isFile()).toBe(true);
    expect(readHashMap(readFileSync(join(folder, 'real/offsets'))).length).toBe(1);
    expect(existsSync(join(folder, 'real/offsets.previous'))).toBe(true);
  });

  test('links in a circle are refused', async () => {
    symlinkSync('connect.offsets', path);
    await expect(open()).rejects.toThrow(/Cannot use offset file .*too many symbolic links/);
  });

  test('a new file has the mode that Java gives it, an existing one keeps its own', async () => {
    const store = await open();
    await store.save([]);
    expect(statSync(path).mode & 0o777).toBe(0o666 & ~process.umask());
    chmodSync(path, 0o600);
    await store.save([]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('/dev/null keeps nothing and says so, as it works in Java', async () => {
    const store = await open('/dev/null');
    await store.save([entry('c', 'a', 1)]);
    expect(store.offset('c', '{"filename":"a"}')).toBe('{"position":1}');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect(log.join()).toContain('WARN Offset file /dev/null is a device');
  });
});
