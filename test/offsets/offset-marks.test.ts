import { existsSync, mkdirSync, readFileSync, rmdirSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileOffsetStore } from '../../src/offsets/file-offset-store';
import { OffsetMarks } from '../../src/offsets/offset-marks';
import type { OffsetEntry } from '../../src/thread/messages';
import { collectLog, makeFolder, noLock } from './helpers';

let path: string;
beforeEach(() => {
  path = join(makeFolder(), 'offsets');
});

const entry = (position: number, mark?: string): OffsetEntry => {
  const [key, value] = ['["c",{"filename":"/lines"}]', `{"position":${position}}`];
  return mark === undefined ? [key, value] : [key, value, mark];
};

/** Saves entries in one life of a store, one after the other; what a task is given in the next one. */
async function afterRestart(entries: readonly OffsetEntry[], meanwhile = (): void => {}): Promise<OffsetEntry[]> {
  const store = await FileOffsetStore.open(path, { takeLock: noLock });
  for (const each of entries) await store.save([each]);
  await store.close();
  meanwhile();
  const again = await FileOffsetStore.open(path, { takeLock: noLock });
  const given = again.offsetsForTask('c');
  await again.close();
  return given;
}

test('a task is given its mark with the offset, also of position 0', async () => {
  expect(await afterRestart([entry(0, 'm0')])).toEqual([entry(0, 'm0')]);
  expect(await afterRestart([entry(500, 'm1')])).toEqual([entry(500, 'm1')]);
});

test('an offset that was set by a request has no mark, whatever its value', async () => {
  expect(await afterRestart([entry(500, 'm1'), entry(500)])).toEqual([entry(500)]);
});

test('an offset that was removed takes its mark along', async () => {
  const [key] = entry(500);
  expect(await afterRestart([entry(500, 'm1'), [key, null]])).toEqual([]);
  expect(await afterRestart([entry(500)])).toEqual([entry(500)]);
});

function writeBoth(content: string): void {
  for (const name of [`${path}.marks`, `${path}.marks.copy`]) writeFileSync(name, content);
}

test.each([
  ['lost', () => unlinkSync(`${path}.marks`)],
  ['damaged, as its copy', () => writeBoth('{"x":[[1,')],
  ['of another shape', () => writeFileSync(`${path}.marks`, '{"[\\"c\\",{\\"filename\\":\\"/lines\\"}]":[["x"],7,[1.5,"m"]]}')],
])('with a record of marks that is %s offsets go on without', async (_, meanwhile) => {
  expect(await afterRestart([entry(500, 'm1')], meanwhile)).toEqual([entry(500)]);
});

test('a mark of which a letter has changed on the disk is not believed, and it is said', async () => {
  const log = collectLog();
  const damage = (name: string): void => writeFileSync(name, readFileSync(name, 'utf8').replace('mark one', 'mark ome'));
  const damageBoth = (): void => {
    for (const name of [`${path}.marks`, `${path}.marks.copy`]) damage(name);
  };
  const copied = expect.stringMatching(/marks cannot be used: they are damaged.*Going on with their copy/);
  expect(await afterRestart([entry(500, 'mark one')], () => damage(`${path}.marks`))).toEqual([entry(500, 'mark one')]);
  expect(await afterRestart([entry(501, 'mark one')], damageBoth)).toEqual([entry(501)]);
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([
    copied,
    // Nothing was saved in between.
    copied,
    expect.stringContaining(`Ignoring the marks of offsets in ${path}.marks: they are damaged`),
  ]);
});

test('an earlier version reads the marks of this one, and this one the marks of the earlier', async () => {
  await afterRestart([entry(500, 'm1')]);
  const asEarlier = JSON.parse(readFileSync(`${path}.marks`, 'utf8')) as Record<string, unknown>;
  expect(Object.values(asEarlier).filter(Array.isArray)).toEqual([[['{"position":500}', 'm1']]]);
  const { sha256, ...rest } = asEarlier;
  expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  writeFileSync(`${path}.marks`, JSON.stringify(rest));
  expect(await afterRestart([])).toEqual([entry(500, 'm1')]);
});

test('while the offset file cannot be written, the mark of what it holds is not pushed out', async () => {
  const store = await FileOffsetStore.open(path, { takeLock: noLock });
  await store.save([entry(1, 'm1')]);
  mkdirSync(`${path}.next`);
  for (let position = 2; position < 30; position++)
    await expect(store.save([entry(position, `m${position}`)])).rejects.toThrow(`${path}.next`);
  rmdirSync(`${path}.next`);
  expect(await afterRestart([])).toEqual([entry(1, 'm1')]);
  // Once it is written again there are as many as ever.
  await store.save([entry(30, 'm30')]);
  await store.close();
  expect(await afterRestart([])).toEqual([entry(30, 'm30')]);
  const [marks] = Object.values(JSON.parse(readFileSync(`${path}.marks`, 'utf8')) as object).filter(Array.isArray);
  expect(marks).toHaveLength(8);
  await afterRestart([entry(31, 'm31'), entry(32, 'm32')]);
  expect(readFileSync(`${path}.marks`, 'utf8')).not.toContain('m1"');
});

test('marks that cannot be written are told once, and offsets are saved all the same', async () => {
  const log = collectLog();
  mkdirSync(`${path}.marks.tmp`);
  expect(await afterRestart([entry(1, 'm1'), entry(2, 'm2')])).toEqual([entry(2)]);
  expect(log.filter(line => line.startsWith('WARN'))).toEqual([expect.stringContaining(`Cannot write ${path}.marks.tmp: it is a folder`)]);
  rmdirSync(`${path}.marks.tmp`);
  expect(await afterRestart([entry(3, 'm3')])).toEqual([entry(3, 'm3')]);
});

test('a mark that is longer than a mark may be was not written here', async () => {
  await afterRestart([entry(500)]);
  const texts = ['x'.repeat(1024), 'x'.repeat(1025)];
  for (const text of texts) {
    writeFileSync(`${path}.marks`, JSON.stringify({ [entry(1)[0]]: [['{"position":500}', text]] }));
    expect(await afterRestart([])).toEqual([text.length > 1024 ? entry(500) : entry(500, text)]);
  }
});

test('what an earlier version has kept is still a mark', async () => {
  writeFileSync(`${path}.marks`, JSON.stringify({ [entry(1)[0]]: [[500, 'f'.repeat(32)]] }));
  const marks = await OffsetMarks.load({ marks: `${path}.marks`, marksCopy: `${path}.marks.copy` });
  expect(marks.withMarks([entry(500), entry(501)])).toEqual([entry(500, 'f'.repeat(32)), entry(501)]);
});

test('the offset file holds nothing of marks: it is what Java writes', async () => {
  await afterRestart([entry(10, 'mark of 10')]);
  expect(existsSync(`${path}.marks`)).toBe(true);
  expect(readFileSync(path, 'latin1')).toContain('{"position":10}');
  expect(readFileSync(path, 'latin1')).not.toMatch(/hash|mark/);
});

test('the generations before still have their marks, and a value that comes again has its last one', async () => {
  const marks = await OffsetMarks.load({ marks: `${path}.marks`, marksCopy: `${path}.marks.copy` });
  for (const each of [entry(100, 'a'), entry(200, 'b'), entry(100, 'c')]) await marks.note([each]);
  const loaded = await OffsetMarks.load({ marks: `${path}.marks`, marksCopy: `${path}.marks.copy` });
  expect(loaded.withMarks([entry(100)])).toEqual([entry(100, 'c')]);
  expect(loaded.withMarks([entry(200)])).toEqual([entry(200, 'b')]);
  expect(loaded.withMarks([entry(150)])).toEqual([entry(150)]);
});

test('a key or value that another program spelled otherwise is the same', async () => {
  const marks = await OffsetMarks.load({ marks: `${path}.marks`, marksCopy: `${path}.marks.copy` });
  await marks.note([entry(100, 'a')]);
  const [key] = entry(100);
  expect(marks.withMarks([[key.replace(',', ', '), '{ "position": 100 }']])[0]?.[2]).toBe('a');
});
