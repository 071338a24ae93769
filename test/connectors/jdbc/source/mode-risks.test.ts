import { type Column, PLAIN_COLUMN } from '../../../../src/connectors/jdbc/database/values/column';
import { UTC } from '../../../../src/connectors/jdbc/database/values/zone-offset';
import { POSTGRESQL } from '../../../../src/connectors/jdbc/postgresql/postgresql-dialect';
import { Criteria } from '../../../../src/connectors/jdbc/source/criteria';
import { describeRisks } from '../../../../src/connectors/jdbc/source/mode-risks';
import type { SourceMode, SourceSettings } from '../../../../src/connectors/jdbc/source/source-settings';

const columns: readonly Column[] = [
  { ...PLAIN_COLUMN, name: 'id', type: 'BIGINT', typeName: 'int8', nullable: false },
  { ...PLAIN_COLUMN, name: 'uid', type: 'TEXT', typeName: 'uuid', nullable: false },
  { ...PLAIN_COLUMN, name: 'ts', type: 'TIMESTAMP', typeName: 'timestamp', nullable: false },
  { ...PLAIN_COLUMN, name: 'maybe', type: 'TIMESTAMP', typeName: 'timestamp', nullable: true },
  { ...PLAIN_COLUMN, name: 'day', type: 'DATE', typeName: 'date', nullable: false },
];
const mapping = { numericMapping: 'none', granularity: 'connect_logical', zone: UTC, isJulian: false, flavour: 'confluent' } as const;
const PLAIN = {
  timestampDelayMs: 0,
  lookBack: { timestampMs: 0, incrementing: 0n },
  waitsForTransactions: false,
  incrementingInitial: -1n,
  timestampInitial: { ms: 0, nanos: 0 },
  mapping,
};

function risks(timestamps: readonly string[], incrementing: string | null, settings: Partial<SourceSettings> = {}): string {
  const criteria = new Criteria('t', columns, { timestamps, incrementing }, { dialect: POSTGRESQL, quoting: 'always', mapping });
  return describeRisks(criteria, { ...PLAIN, ...settings } as SourceSettings).join('; ');
}

test.each<[SourceMode, string, RegExp]>([
  ['bulk', risks([], null), /^$/],
  ['incrementing', risks([], 'id'), /deleted; .*updated; .*committed after others with greater numbers \(incrementing\.look\.back\)/],
  ['incrementing', risks([], 'id', { lookBack: { timestampMs: 0, incrementing: 50n } }), /greater numbers by more than 50/],
  ['incrementing', risks([], 'uid'), /updated; rows whose uid is less than that of others/],
  ['timestamp', risks(['ts'], null), /committed more than 0 ms after the time in ts .*; rows that get a timestamp which others had/],
  [
    'timestamp',
    risks(['ts'], null, { timestampDelayMs: 500, lookBack: { timestampMs: 1500, incrementing: 0n } }),
    /^rows that were deleted; rows that are committed more than 2000 ms[^;]*; rows whose ts is at or before 1970[^;]*$/,
  ],
  ['timestamp', risks(['day'], null), /whole days/],
  ['timestamp+incrementing', risks(['maybe'], 'id'), /rows where maybe is NULL; rows that are committed more than 0 ms/],
  ['timestamp+incrementing', risks(['maybe', 'ts'], 'id'), /^rows that were deleted; rows that are committed/],
  [
    'timestamp+incrementing',
    risks(['ts'], 'id', { waitsForTransactions: true }),
    /^rows that were deleted; rows whose ts is before 1970-01-01T00:00:00\.000Z \(timestamp\.initial, [^;]*negative\)$/,
  ],
  ['timestamp', risks(['ts'], null, { timestampInitial: { ms: -2208988800000, nanos: 0 } }), /at or before 1900-01-01T00:00:00\.000Z/],
  ['timestamp', risks(['ts'], null, { timestampInitial: 'now' }), /rows whose ts is before the first start \(timestamp\.initial\)$/],
  ['timestamp', risks(['ts'], null, { mapping: { ...mapping, flavour: 'aiven' } }), /\(timestamp\.initial\.ms, /],
  ['incrementing', risks([], 'id', { incrementingInitial: 7n }), /rows whose id is 7 or less \(incrementing\.initial\)$/],
])('mode %s cannot find: %s', (_, told, expected) => {
  expect(told).toMatch(expected);
});
