import { type Column, PLAIN_COLUMN } from '../../../../../src/connectors/jdbc/database/values/column';
import {
  type ColumnMapping,
  mapGenericColumn,
  type NumericMapping,
} from '../../../../../src/connectors/jdbc/database/values/column-mapping';
import { UTC } from '../../../../../src/connectors/jdbc/database/values/zone-offset';
import { MARIADB, MYSQL } from '../../../../../src/connectors/jdbc/mysql/mysql-dialect';
import { POSTGRESQL } from '../../../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { BigDecimal } from '../../../../../src/data/java/big-numbers';
import { readValue } from '../../../../helpers/vectors/read-value';

const column = (parts: Partial<Column>): Column => ({ ...PLAIN_COLUMN, name: 'c', type: 'NUMERIC', typeName: 'numeric', ...parts });
const options = (numericMapping: NumericMapping = 'none') =>
  ({ numericMapping, granularity: 'connect_logical', zone: UTC, isJulian: false, flavour: 'aiven' }) as const;

/** Type of the field, or `Decimal(scale)`. */
function typeOf(precision: number | null, scale: number | null, mapping: NumericMapping): string {
  const schema = mapGenericColumn(column({ precision, scale }), options(mapping))?.schema;
  return schema?.name ? `Decimal(${schema.parameters?.get('scale')})` : String(schema?.type);
}

test.each<[number, number, Readonly<Record<NumericMapping, string>>]>([
  [2, 0, { none: 'Decimal(0)', precision_only: 'INT8', best_fit: 'INT8', best_fit_eager_double: 'INT8' }],
  [4, 0, { none: 'Decimal(0)', precision_only: 'INT16', best_fit: 'INT16', best_fit_eager_double: 'INT16' }],
  [9, 0, { none: 'Decimal(0)', precision_only: 'INT32', best_fit: 'INT32', best_fit_eager_double: 'INT32' }],
  [18, 0, { none: 'Decimal(0)', precision_only: 'INT64', best_fit: 'INT64', best_fit_eager_double: 'INT64' }],
  [19, 0, { none: 'Decimal(0)', precision_only: 'Decimal(0)', best_fit: 'Decimal(0)', best_fit_eager_double: 'Decimal(0)' }],
  [12, 2, { none: 'Decimal(2)', precision_only: 'Decimal(2)', best_fit: 'FLOAT64', best_fit_eager_double: 'FLOAT64' }],
  [38, 10, { none: 'Decimal(10)', precision_only: 'Decimal(10)', best_fit: 'Decimal(10)', best_fit_eager_double: 'FLOAT64' }],
  [2, -3, { none: 'Decimal(-3)', precision_only: 'Decimal(-3)', best_fit: 'INT32', best_fit_eager_double: 'INT32' }],
  [5, -2, { none: 'Decimal(-2)', precision_only: 'Decimal(-2)', best_fit: 'INT32', best_fit_eager_double: 'INT32' }],
])('numeric(%d,%d)', (precision, scale, expected) => {
  for (const [mapping, type] of Object.entries(expected))
    expect([mapping, typeOf(precision, scale, mapping as NumericMapping)]).toEqual([mapping, type]);
});

test('a value that its field cannot hold is an error, never another value', () => {
  const read = (parts: Partial<Column>, raw: unknown): unknown => readValue(mapGenericColumn(column(parts), options('best_fit')), raw);
  const bad: [Partial<Column>, unknown][] = [
    [{ type: 'TINYINT' }, 128],
    [{ type: 'SMALLINT' }, '-32769'],
    [{ type: 'INTEGER' }, 3_000_000_000],
    [{ type: 'INTEGER' }, 'text'],
    [{ type: 'BIGINT' }, '9223372036854775808'],
    [{ type: 'BIGINT' }, '1.5'],
    [{ type: 'DECIMAL', scale: 2 }, '1.234'],
    [{ type: 'DECIMAL', scale: 2 }, 'NaN'],
    [{ type: 'DATE' }, 'infinity'],
  ];
  for (const [parts, raw] of bad) expect(() => read(parts, raw)).toThrow(expect.objectContaining({ message: expect.any(String) }));
  expect(read({ type: 'DECIMAL', scale: 2 }, '-1.5')).toEqual(new BigDecimal(-150n, 2));
  expect(read({ type: 'BIGINT' }, '9223372036854775807')).toBe(9223372036854775807n);
  expect(read({ type: 'DECIMAL', scale: 0 }, '1e3')).toEqual(new BigDecimal(1000n, 0));
});

test('nullable columns make optional fields, and what fits no type makes none', () => {
  expect(mapGenericColumn(column({ type: 'TEXT', nullable: true }), options())?.schema.optional).toBe(true);
  expect(mapGenericColumn(column({ type: 'TEXT', nullable: false }), options())?.schema.optional).toBe(false);
  expect(mapGenericColumn(column({ type: 'OTHER' }), options())).toBeNull();
});

describe('the drivers of MySQL and MariaDB', () => {
  const mapped = (dialect: typeof MYSQL, parts: Partial<Column>): ColumnMapping | null => dialect.mapColumn(column(parts), options());
  const typesOf = (parts: Partial<Column>): unknown[] => [MYSQL, MARIADB].map(dialect => mapped(dialect, parts)?.schema.type);

  test('disagree on small unsigned numbers and on one bit', () => {
    expect(typesOf({ type: 'TINYINT', typeName: 'tinyint(3) unsigned', unsigned: true })).toEqual(['INT16', 'INT32']);
    expect(typesOf({ type: 'SMALLINT', typeName: 'smallint(5) unsigned', unsigned: true })).toEqual(['INT32', 'INT64']);
    expect(typesOf({ type: 'INTEGER', typeName: 'int(10) unsigned', unsigned: true })).toEqual(['INT64', 'INT64']);
    expect(typesOf({ type: 'BIT', typeName: 'bit(1)', precision: 1 })).toEqual(['INT8', 'BOOLEAN']);
  });

  test.each<[number, string, unknown]>([
    [8, 'ff', -1],
    [8, '05', 5],
    [9, '01ff', 511],
    [16, 'ffff', 65_535],
    [31, '7fffffff', 2_147_483_647],
    [63, '7fffffffffffffff', 9_223_372_036_854_775_807n],
    [64, 'ffffffffffffffff', -1n],
  ])('bit(%d) holds 0x%s', (precision, hex, expected) => {
    const mapping = mapped(MYSQL, { type: 'BIT', typeName: `bit(${precision})`, precision });
    const value = readValue(mapping, Buffer.from(hex, 'hex')) as { valueOf(): unknown } | undefined;
    expect(value?.valueOf()).toBe(expected);
  });

  test('a zero date is not a date where the column may have none, and an error elsewhere', () => {
    const date = (nullable: boolean, raw: string): unknown => readValue(mapped(MARIADB, { type: 'DATE', typeName: 'date', nullable }), raw);
    expect(date(true, '0000-00-00')).toBeNull();
    expect(() => date(false, '0000-00-00')).toThrow('is not a date');
    expect(() => date(true, '2024-00-00')).toThrow('is not a date');
  });
});

test("PostgreSQL's own: bytes as hexadecimal digits, money with its thousands, bits as they are", () => {
  const read = (typeName: string, raw: string, precision: number | null = null): unknown =>
    readValue(POSTGRESQL.mapColumn(column({ typeName, precision, type: 'OTHER' }), options()), raw);
  expect(read('bytea', '\\x00ff')).toEqual(Buffer.from([0, 255]));
  expect(read('money', '-$1,234.50')).toBe(-1234.5);
  expect(read('bit', '1', 1)).toBe(true);
  expect(String(read('bit', '101', 8))).toBe('5');
});
