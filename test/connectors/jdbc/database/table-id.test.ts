import { IdentifierRules, unquotedName } from '../../../../src/connectors/jdbc/database/table-id';
import { tableOfParts } from '../../../../src/connectors/jdbc/database/table-parts';
import { MARIADB, MYSQL } from '../../../../src/connectors/jdbc/mysql/mysql-dialect';
import { ORACLE } from '../../../../src/connectors/jdbc/oracle/oracle-dialect';
import { groupEvenly, splitTableList, writeTableList } from '../../../../src/connectors/jdbc/source/table-list';
import { SQLITE } from '../../../../src/connectors/jdbc/sqlite/sqlite-dialect';

const RULES: Readonly<Record<string, IdentifierRules>> = {
  double: new IdentifierRules('"', '"', 'lower'),
  back: new IdentifierRules('`'),
  brackets: new IdentifierRules('[', ']'),
};
const NAMES = ['a', 'A b', 'a.b', 'a,b', '"', '``', ']', '[x]', "'; DROP TABLE x; --", 'ü😀', 'select'];

describe.each(Object.entries(RULES))('%s quotes', (_, rules) => {
  test('any name comes back from its quotes, alone and with its schema, also out of a list', () => {
    const tables = NAMES.flatMap(table => [null, ...NAMES].map(schema => ({ catalog: null, schema, table })));
    for (const id of tables) expect(tableOfParts(rules, rules.table(id), 'schema')).toEqual(id);
    const names = splitTableList(writeTableList(tables, rules), rules);
    expect(names.map(name => tableOfParts(rules, name, 'schema'))).toEqual(tables);
  });

  test('quoting never leaves plain words bare only', () => {
    expect(NAMES.map(name => rules.name(name, 'never')).filter((shown, i) => shown === NAMES[i])).toEqual(['a', 'select']);
  });
});

test.each(['', 'a..b', '.a', 'a.', '"a', '"a"b', 'a.b.c.d', '""'])('%s is no table', name => {
  expect(() => tableOfParts(RULES.double as IdentifierRules, name, 'schema')).toThrow(
    expect.objectContaining({ code: 'ConnectException' }),
  );
});

test('a name with U+0000, and the empty one, cannot be quoted', () => {
  expect(() => RULES.double?.quote('a\0')).toThrow('not the name');
  expect(() => RULES.double?.quote('')).toThrow('not the name');
});

test('one, two and three parts', () => {
  const rules = RULES.back as IdentifierRules;
  expect(tableOfParts(rules, 'd.t', 'catalog')).toEqual({ catalog: 'd', schema: null, table: 't' });
  expect(tableOfParts(rules, 'c.s.t', 'schema')).toEqual({ catalog: 'c', schema: 's', table: 't' });
  // a third part that is not read would leave another table
  for (const dialect of [MYSQL, MARIADB, ORACLE, SQLITE])
    expect(() => dialect.parseTable('other.s.t')).toThrow(/is not the name of a table/);
  expect(unquotedName({ catalog: null, schema: 's', table: 't.u' })).toBe('s.t.u');
});

test('groups are contiguous, even, and never empty', () => {
  expect(groupEvenly([1, 2, 3, 4, 5], 3)).toEqual([[1, 2], [3, 4], [5]]);
  expect(groupEvenly([1, 2], 5)).toEqual([[1], [2]]);
  expect(groupEvenly([], 3)).toEqual([]);
});
