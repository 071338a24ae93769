/** Rows in the order of a text: where a query goes on, and what is stored. */

import { type Column, PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { UTC } from '../../../../src/connectors/jdbc/database/values/zone-offset';
import { POSTGRESQL } from '../../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { Criteria } from '../../../../src/connectors/jdbc/source/criteria';
import { checkOffsetAlteration } from '../../../../src/connectors/jdbc/source/offset-alterations';
import { BEHIND_ALL, laterOf, offsetOf, positionOfOffset, type SourcePosition } from '../../../../src/connectors/jdbc/source/source-offset';

const COLUMNS: readonly Column[] = [
  { ...PLAIN_COLUMN, name: 'id', type: 'TEXT', typeName: 'uuid', castType: 'uuid' },
  { ...PLAIN_COLUMN, name: 'ts', type: 'TIMESTAMP', typeName: 'timestamptz', castType: 'timestamptz', withTimeZone: true },
];
const UUID = '7b0c7d2e-0000-4000-8000-000000000001';
const END = { ms: Date.UTC(2024, 1, 1), nanos: 0 };

function criteriaOf(timestamps: readonly string[]): Criteria {
  const mapping = { numericMapping: 'none', granularity: 'connect_logical', zone: UTC, isJulian: false, flavour: 'aiven' } as const;
  return new Criteria('t', COLUMNS, { timestamps, incrementing: 'id' }, { dialect: POSTGRESQL, quoting: 'always', mapping });
}

test.each<[string, readonly string[], SourcePosition, string]>([
  ['at first all', [], { timestamp: null, incrementing: null }, ' ORDER BY "id" ASC'],
  ['then what is behind', [], { timestamp: null, incrementing: UUID }, ' WHERE "id" > $1::uuid ORDER BY "id" ASC'],
  [
    'at first all, by time',
    ['ts'],
    { timestamp: { ms: 0, nanos: 0 }, incrementing: null },
    ' WHERE "ts" < $1::timestamptz AND "ts" >= $2::timestamptz ORDER BY "ts" ASC, "id" ASC',
  ],
  [
    'ties by the text',
    ['ts'],
    { timestamp: { ms: 0, nanos: 0 }, incrementing: UUID },
    ' WHERE "ts" < $1::timestamptz AND "ts" >= $2::timestamptz AND ("ts" > $3::timestamptz OR "id" > $4::uuid) ORDER BY "ts" ASC, "id" ASC',
  ],
  [
    'no ties behind a look-back',
    ['ts'],
    { timestamp: { ms: 0, nanos: 0 }, incrementing: BEHIND_ALL },
    ' WHERE "ts" < $1::timestamptz AND "ts" > $2::timestamptz ORDER BY "ts" ASC, "id" ASC',
  ],
])('%s', (_, timestamps, after, sql) => {
  expect(criteriaOf(timestamps).condition({ after, end: timestamps.length > 0 ? END : null }).sql).toBe(sql);
});

test('a position by a text is stored under a key of its own, and comes back', () => {
  const position = criteriaOf(['ts']).positionOf([UUID, '2024-01-01 00:00:00.5+00']);
  const offset = offsetOf(position);
  expect(offset).toEqual({ timestamp_nanos: 500_000_000n, incrementing_text: UUID, timestamp: BigInt(Date.UTC(2024, 0, 1)) + 500n });
  expect(positionOfOffset(offset)).toEqual(position);
  expect(laterOf(position, { ...position, incrementing: 'anything' }).incrementing).toBe('anything');
  expect(() => checkOffsetAlteration({ partition: { protocol: '1', table: 't' }, offset: { incrementing_text: UUID } })).not.toThrow();
  expect(() => checkOffsetAlteration({ partition: { protocol: '1', table: 't' }, offset: { incrementing_text: 5n } })).toThrow(
    /not a text/,
  );
});
