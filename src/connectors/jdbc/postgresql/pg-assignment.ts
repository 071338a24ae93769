/**
 * Values of another kind than their column, treated as PostgreSQL treats the parameters of its Java driver. Sent as text, 20240102 would be
 * read as a date, and 90 as an interval of 90 seconds.
 */
import type { Column } from '../database/values/column';
import { AS_IT_IS, type Assignment, type ValueKind } from '../database/values/value-kind';

/** Names of types in PostgreSQL's errors, by catalogue name. */
const SHOWN: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  numeric: 'numeric',
  bool: 'boolean',
  bytea: 'bytea',
  text: 'text',
  varchar: 'character varying',
  bpchar: 'character',
  name: 'name',
  date: 'date',
  time: 'time without time zone',
  timetz: 'time with time zone',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  interval: 'interval',
  json: 'json',
  jsonb: 'jsonb',
  uuid: 'uuid',
  xml: 'xml',
  money: 'money',
  oid: 'oid',
  bit: 'bit',
  varbit: 'bit varying',
  inet: 'inet',
  cidr: 'cidr',
  macaddr: 'macaddr',
};

const TYPES: ReadonlyMap<string, string> = new Map(Object.entries(SHOWN));

const INTEGERS = ['int2', 'int4', 'int8'];
const TEXTS = ['text', 'varchar', 'bpchar', 'name', 'citext'];
const FRACTIONS = ['float4', 'float8', 'numeric'];

/** The rule for values of one kind. */
interface Rule {
  /** The type as which the Java driver sends them. */
  readonly type: string;
  /** Column types that read the text as the same value; null: all but bytea. */
  readonly reads: readonly string[] | null;
  /** Column types to which an assignment casts. */
  readonly casts: readonly string[];
}

const TEXT_RULE: Rule = { type: 'character varying', reads: null, casts: [] };
const SMALL_RULE: Rule = { type: 'smallint', reads: [...INTEGERS, ...FRACTIONS, ...TEXTS], casts: ['oid'] };

const RULES: Readonly<Record<ValueKind, Rule>> = {
  INT8: SMALL_RULE,
  INT16: SMALL_RULE,
  INT32: { type: 'integer', reads: ['int4', 'int8', ...FRACTIONS, ...TEXTS], casts: ['int2', 'oid', 'money'] },
  INT64: { type: 'bigint', reads: ['int8', ...FRACTIONS, ...TEXTS], casts: ['int2', 'int4', 'oid', 'money'] },
  FLOAT32: { type: 'real', reads: ['float4', 'float8'], casts: [...INTEGERS, 'numeric', ...TEXTS] },
  FLOAT64: { type: 'double precision', reads: ['float8'], casts: [...INTEGERS, 'float4', 'numeric', ...TEXTS] },
  DECIMAL: { type: 'numeric', reads: [...FRACTIONS, ...TEXTS], casts: [...INTEGERS, 'money'] },
  // Other text types would get a `t`.
  BOOLEAN: { type: 'boolean', reads: ['bool', 'text', 'varchar', 'bpchar'], casts: ['name', 'citext'] },
  // In a text column PostgreSQL would store the text \x68.., which nobody wants.
  BYTES: { type: 'bytea', reads: ['bytea'], casts: [] },
  DATE: { type: 'date', reads: ['date', 'timestamp', 'timestamptz', ...TEXTS], casts: [] },
  TIME: { type: 'time without time zone', reads: ['time', 'timetz', ...TEXTS], casts: [] },
  TIMESTAMP: { type: 'timestamp without time zone', reads: ['timestamp', 'timestamptz', 'date', 'time', 'timetz', ...TEXTS], casts: [] },
  STRING: TEXT_RULE,
  // As JSON.
  STRUCT: TEXT_RULE,
  MAP: TEXT_RULE,
  ARRAY: TEXT_RULE,
};

/**
 * How values of a kind are assigned to a column.
 * @param isArray the kind is that of the elements of an array column
 */
export function pgAssignment({ name, typeName, castType = '' }: Column, kind: ValueKind, isArray: boolean): Assignment {
  const { type, reads, casts } = RULES[kind];
  const suffix = isArray ? '[]' : '';
  const base = isArray ? typeName.slice(1) : typeName;
  if (reads === null ? base !== 'bytea' : reads.includes(base)) return AS_IT_IS;
  const shown = TYPES.get(base) ?? arrayName(base);
  // Only the server knows the casts of types that are not built in.
  if (casts.includes(base) || (shown === undefined && kind !== 'BYTES')) return { valueType: type + suffix, refusal: null };
  const expected = domainName(castType, typeName) ?? (shown ?? base) + suffix;
  return { valueType: null, refusal: `ERROR: column "${name}" is of type ${expected} but expression is of type ${type}${suffix}` };
}

/** The catalogue has an underscore before the names of array types. */
function arrayName(typeName: string): string | undefined {
  const element = typeName.startsWith('_') ? TYPES.get(typeName.slice(1)) : undefined;
  return element && `${element}[]`;
}

/** Errors name a domain by its own name, not by the type of its values. */
function domainName(castType: string, typeName: string): string | null {
  const [, name = ''] = /"\."(.*)"$/.exec(castType) ?? [];
  return name === '' || name === typeName ? null : name.replaceAll('""', '"');
}
