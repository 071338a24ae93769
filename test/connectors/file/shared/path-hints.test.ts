/** Hints for paths that a shell would have read otherwise: in the log of a source that waits for one, and of a sink that makes one. */
import path from 'node:path';
import { hintForMissing, hintForNew } from '../../../../src/connectors/file/shared/path-hints';
import { TempDir } from '../../../helpers/temp-dir';
import { SourceRun } from '../source/source-run';

test.each([
  ['/var/log/*.log', 'patterns are not expanded'],
  ['/var/log/app[0-9].log', 'patterns are not expanded'],
  ['/var/log/{a,b}.log', 'patterns are not expanded'],
  ['~/app.log', '~ means nothing'],
  ['~root/app.log', '~ means nothing'],
  ['"/var/log/app.log"', 'quotes are part of it'],
  ["'/var/log/app.log'", 'quotes are part of it'],
  ['/var/log/app.log # the log', 'a comment after a value is part of it'],
  ['/var/log/app.log\t#', 'a comment after a value is part of it'],
  ['/var/log/app.log ', 'blanks at its beginning or end'],
  ['/var/log/app.log\t', 'blanks at its beginning or end'],
  ['\u00a0/var/log/app.log', 'blanks at its beginning or end'],
  ['file:///var/log/app.log', 'not a URL'],
  ['$HOME/app.log', 'variables of the shell are not replaced'],
  [`\${env:LOG}`, 'the variable was not replaced'],
  ['/var/log/a.log,/var/log/b.log', 'not a list'],
  ['C:\\logs\\app.log', 'a backslash must be doubled'],
  ['C:logsapp.log', 'a backslash must be doubled'],
])('%j: %s', (file, hint) => {
  expect(hintForMissing(file)).toContain(hint);
  expect(hintForNew(file)).toContain(hint);
  expect(hintForNew(file)).toContain(`file='${file}'`);
});

test('what is odd in two ways is told in both', () => {
  expect(hintForMissing('"~/*.log" # all')).toMatch(/a comment.*patterns/);
});

test.each(['/var/log/app.log', '/var/log/app-2026.log.1', '/tmp/a b/c#d', "/tmp/it's"])('%s: nothing is odd', file => {
  expect([hintForMissing(file), hintForNew(file)]).toEqual(['', '']);
});

test('a relative path is looked for in the working folder, which is named', () => {
  expect(hintForMissing('test.txt')).toBe(
    `The setting file='test.txt' means ${path.resolve('test.txt')}: it is relative, and looked for from the working folder of the worker.`,
  );
  expect(hintForNew('test.sink.txt')).toBe('');
});

test('a source says it once, behind the words of Java; a file that has such a name is read without a word', async () => {
  const dir = new TempDir('path-hints');
  const missing = new SourceRun({ file: dir.file('*.txt') });
  for (let i = 0; i < 3; i++) await missing.drain();
  expect(missing.logged('WARN')).toEqual([
    expect.stringContaining("Couldn't find file"),
    expect.stringContaining('patterns are not expanded'),
  ]);
  missing.stop();
  const there = new SourceRun({ file: dir.write('[x] *.txt', 'line\n') });
  expect(await there.texts()).toEqual(['line']);
  expect(there.log.filter(line => line.startsWith('WARN'))).toEqual([]);
  there.stop();
  dir.remove();
});
