import { type Column, PLAIN_COLUMN } from '../../../src/connectors/jdbc/database/column';
import { mapGenericColumn, type NumericMapping } from '../../../src/connectors/jdbc/database/column-mapping';
import { UTC } from '../../../src/connectors/jdbc/database/zone-offset';
import { POSTGRESQL } from '../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { BigDecimal } from '../../../src/data/big-numbers';

const column = (parts: Partial<Column>): Column => ({ ...PLAIN_COLUMN, name: 'c', type: 'NUMERIC', typeName: 'numeric', ...parts });
const options = (numericMapping: NumericMapping = 'none') =>
  ({ numericMapping, granularity: 'connect_logical', zone: UTC, flavour: 'aiven' }) as const;

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
  [5, -2, { none: 'Decimal(-2)', precision_only: 'Decimal(-2)', best_fit: 'INT32', best_fit_eager_double: 'INT32' }],
])('numeric(%d,%d)', (precision, scale, expected) => {
  for (const [mapping, type] of Object.entries(expected))
    expect([mapping, typeOf(precision, scale, mapping as NumericMapping)]).toEqual([mapping, type]);
});

test('a value that its field cannot hold is an error, never another value', () => {
  const read = (parts: Partial<Column>, raw: unknown): unknown => mapGenericColumn(column(parts), options('best_fit'))?.read(raw);
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

test("PostgreSQL's own: bytes as hexadecimal digits, money with its thousands, bits as they are", () => {
  const read = (typeName: string, raw: string, precision: number | null = null): unknown =>
    POSTGRESQL.mapColumn(column({ typeName, precision, type: 'OTHER' }), options())?.read(raw);
  expect(read('bytea', '\\x00ff')).toEqual(Buffer.from([0, 255]));
  expect(read('money', '-$1,234.50')).toBe(-1234.5);
  expect(read('bit', '1', 1)).toBe(true);
  expect(String(read('bit', '101', 8))).toBe('5');
});
