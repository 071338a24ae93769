import { readFileSync } from 'node:fs';
import { compareWithNotYet, parseNotYet, parseResults } from '../ci/compare-expected';
import { inRepository } from '../helpers/paths';
import { runCommand } from '../helpers/processes/child';
import { TempDir } from '../helpers/temp-dir';
import { runFile } from './run';

const PROPERTIES = 'java.util.Properties';
const fileOf = (javaClass: string, ...cases: object[]): string => JSON.stringify({ class: javaClass, cases });
const bytes = (text: string): { bytes: string } => ({ bytes: Buffer.from(text).toString('base64') });

describe('a file of vectors', () => {
  const good = { name: 'good', input: bytes('a=1'), expect: [['a', '1']] };

  test('shows expected and got of a case that fails', () => {
    const bad = { name: 'bad', input: bytes('a=1'), expect: [['a', '2']] };
    expect(runFile('config/Properties', fileOf(PROPERTIES, good, bad))).toEqual({
      passed: 1,
      failed: 1,
      lines: ['ok - config/Properties: good', 'not ok - config/Properties: bad', '    expected [["a","2"]]', '    got      [["a","1"]]'],
    });
  });

  test.each([
    ['an error that does not come', { name: 'x', input: bytes('a=1'), error: { class: 'x.Y', message: 'm', match: 'exact' } }],
    ['another error', { name: 'x', input: bytes('a=\\u12'), error: { class: 'x.Y', message: 'm', match: 'exact' } }],
    ['an input that cannot be read', { name: 'x', input: null, expect: [] }],
  ])('fails a case with %s', (_, test) => {
    expect(runFile('f', fileOf(PROPERTIES, test))).toMatchObject({ passed: 0, failed: 1 });
  });

  test.each([
    ['nobody answers for', fileOf('com.example.Unknown', good, good), 2],
    ['is no JSON', '{', 1],
    ['holds no cases', '{"class":"java.util.Properties"}', 1],
    ['is empty', fileOf(PROPERTIES), 1],
  ])('that %s fails with all its cases', (_, text, failed) => {
    const result = runFile('some/file', text);
    expect(result).toMatchObject({ passed: 0, failed });
    expect(result.lines).toEqual([expect.stringMatching(/^not ok - some\/file: /)]);
  });
});

test('the program ends with the counts on a line of their own, and an exit code that says the same', async () => {
  const dir = new TempDir('vectors');
  const run = async (): Promise<{ code: number | null; lines: string[] }> => {
    const { code, stdout } = await runCommand('npm', ['run', '--silent', 'vectors', '--', dir.path], { cwd: inRepository() });
    return { code, lines: stdout.toString().trimEnd().split('\n') };
  };
  dir.write('config/Properties.json', fileOf(PROPERTIES, { name: 'one', input: bytes('a'), expect: [['a', '']] }));
  expect(await run()).toEqual({ code: 0, lines: ['ok - config/Properties: one', '1 passed, 0 failed'] });
  dir.write('jdbc/sqlite.json', JSON.stringify({ cases: [{ case: 'x' }, { case: 'y' }] }));
  const leftOut = 'left out - jdbc/sqlite: another format, it names no class';
  expect(await run()).toEqual({ code: 0, lines: ['ok - config/Properties: one', leftOut, '1 passed, 0 failed'] });
  dir.write('other/Unknown.json', fileOf('com.example.Unknown', { name: 'x' }, { name: 'y' }));
  const { code, lines } = await run();
  expect([code, lines.at(-1)]).toEqual([1, '1 passed, 2 failed']);
  dir.remove();
});

test('the list of vectors that do not hold yet names no case of the copies in this repository', () => {
  const list = parseNotYet(readFileSync(inRepository('test/vectors-not-yet.txt'), 'utf8'));
  const names = ['config/ConfigDef.parse', 'config/ConfigDef.parseType', 'config/ConfigTransformer', 'config/Properties'];
  const files = [...names, 'headers/SimpleHeaderConverter', 'offsets/FileOffsetBackingStore'];
  const output = files.flatMap(file => runFile(file, readFileSync(inRepository('test/fixtures/vectors', `${file}.json`), 'utf8')).lines);
  const results = parseResults(output.join('\n'));
  expect(compareWithNotYet(results, []).problems).toEqual([]);
  expect(list.filter(entry => results.some(({ label }) => label === entry || label.startsWith(`${entry}: `)))).toEqual([]);
});
