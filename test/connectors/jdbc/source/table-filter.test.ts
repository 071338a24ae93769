import { ConfigDef } from '../../../../src/api/config-def';
import { IdentifierRules, type TableId } from '../../../../src/connectors/jdbc/database/table-id';
import { createColumnNamer } from '../../../../src/connectors/jdbc/source/column-names';
import { createTableChoice } from '../../../../src/connectors/jdbc/source/table-filter';

const LISTS = [
  'table.whitelist',
  'table.blacklist',
  'table.include.list',
  'table.exclude.list',
  'timestamp.column.name',
  'timestamp.columns.mapping',
  'incrementing.column.mapping',
];
const parsed = (props: Record<string, string>) => {
  const def = new ConfigDef();
  for (const name of LISTS) def.define({ name, type: 'LIST', defaultValue: [], importance: 'LOW', doc: name });
  def.define({ name: 'incrementing.column.name', type: 'STRING', defaultValue: '', importance: 'LOW', doc: 'a column' });
  return def.parse(props);
};
const table = (name: string): TableId => ({ catalog: null, schema: 's', table: name });
const chosen = (props: Record<string, string>, names: readonly string[]): string[] =>
  createTableChoice(parsed(props), new IdentifierRules('"'), 'confluent')(names.map(table)).map(found => found.table);

test('Tables are included by patterns of their whole names, and excluded from those', () => {
  const names = ['orders', 'orders_old', 'items', 'users'];
  expect(chosen({}, names)).toEqual(names);
  expect(chosen({ 'table.include.list': 's\\.orders.*,s\\.items', 'table.exclude.list': '.*_old' }, names)).toEqual(['orders', 'items']);
  expect(chosen({ 'table.include.list': 'orders' }, names)).toEqual([]);
});

const TOO_MANY = /takes more than \d+ steps/;
const one = ['a'.repeat(60)];
/** Of none of them the pattern takes too much. */
const many = Array.from({ length: 2000 }, (_, i) => `${'a'.repeat(44)}-${i}`);

test.each([
  ['table.include.list', { 'table.include.list': '.*(.*a){14}x' }, one],
  ['table.exclude.list', { 'table.include.list': '.*', 'table.exclude.list': '.*(.*a){14}x' }, one],
  ['table.include.list', { 'table.include.list': '(.*a){4}x' }, many],
  ['table.exclude.list', { 'table.include.list': '.*', 'table.exclude.list': '(.*a){4}x' }, many],
])('A pattern of %s that goes back over names again and again fails soon (%#)', (_, props, names) => {
  const begin = process.cpuUsage().user;
  expect(() => chosen(props, names)).toThrow(TOO_MANY);
  expect(process.cpuUsage().user - begin).toBeLessThan(8_000_000);
});

test.each([
  ['incrementing', 'incrementing.column.mapping'],
  ['timestamp', 'timestamp.columns.mapping'],
])('So does one of a mapping of columns, mode %s', (mode, key) => {
  const namer = createColumnNamer(parsed({ [key]: '.*(.*a){14}x:[id]' }), mode, true);
  expect(() => namer({ table: table('a'.repeat(60)) })).toThrow(TOO_MANY);
});
