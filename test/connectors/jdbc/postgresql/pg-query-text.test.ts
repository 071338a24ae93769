import { beginsAsQuery } from '../../../../src/connectors/jdbc/database/query-statement';
import { withPlainMarks } from '../../../../src/connectors/jdbc/postgresql/pg-query-text';

test.each([
  ["a ?? 'b'", "a ? 'b'"],
  ['a ??| b, a ??& b, a ???? b', 'a ?| b, a ?& b, a ?? b'],
  ['a ? b ??? c', 'a ? b ?? c'],
  ["'??' || '''??' ?? x", "'??' || '''??' ? x"],
  ["E'\\'??' ?? x", "E'\\'??' ? x"],
  ["name'\\' ?? '??'", "name'\\' ? '??'"],
  ['"a??b" ?? x', '"a??b" ? x'],
  ['a -- ??\n ?? b', 'a -- ??\n ? b'],
  ['a /* ?? /* ?? */ ?? */ ?? b', 'a /* ?? /* ?? */ ?? */ ? b'],
  ['$$??$$ ?? $x$ ?? $$ ?? $x$', '$$??$$ ? $x$ ?? $$ ?? $x$'],
  ['a$$ ?? $$', 'a$$ ? $$'],
  ["'??", "'??"],
  ['/* ??', '/* ??'],
  ['', ''],
])('%p reads %p', (query, expected) => {
  expect(withPlainMarks(query)).toBe(expected);
});

test.each([
  ['SELECT 1', true],
  [' ( (select 1))', true],
  ['-- a comment\n/* another; */\twith x AS (SELECT 1) SELECT 1', true],
  ['VALUES (1)', true],
  ['selected', false],
  ['-- SELECT', false],
  ['/* SELECT 1', false],
  ['DELETE FROM t', false],
  ['', false],
])('%p begins as a query: %p', (text, expected) => {
  expect(beginsAsQuery(text)).toBe(expected);
});
