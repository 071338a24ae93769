/** The `spec` of Cast: which fields, or the whole key or value, become which type. */
import type { Validator } from '../api/config-validators';
import { SCHEMA_TYPES, type SchemaType } from '../data/schema/schema';
import { ConnectError } from '../errors';
import { hashOrder } from '../java/hash-order';
import { javaTrim } from '../java/trim';
import { javaSplit, wrongMapping } from './field-mappings';

/** The types that values can be cast to, in the order in which Java's message lists them. */
export const CAST_TARGETS = ['INT8', 'INT16', 'INT32', 'INT64', 'FLOAT32', 'FLOAT64', 'BOOLEAN', 'STRING'] as const;
/** A type that values can be cast to. */
export type CastTarget = (typeof CAST_TARGETS)[number];

/** What to cast. */
export interface CastSpec {
  /** Type for the whole key or value; null if fields are cast. */
  readonly whole: CastTarget | null;
  /** Types by field name, in the order in which Java goes through them. */
  readonly fields: ReadonlyMap<string, CastTarget>;
}

/** Refuses lists that are not a spec. */
export const validCastSpec: Validator = (_key, value) => {
  if (!Array.isArray(value) || value.length === 0) throw new ConnectError('ConfigException', 'Must specify at least one field to cast.');
  parseCastSpec(value);
};

/** @param items such as `name:int8`, or one type alone. @throws ConfigException with Java's text */
export function parseCastSpec(items: readonly string[]): CastSpec {
  let whole: CastTarget | null = null;
  const fields = new Map<string, CastTarget>();
  for (const item of items) {
    const parts = javaSplit(item, ':');
    if (parts.length > 2) throw wrongMapping(items, item);
    const [first, second] = parts;
    if (first === undefined) throw new ConnectError('ArrayIndexOutOfBoundsException', 'Index 1 out of bounds for length 0');
    if (second === undefined) whole = parseTarget(javaTrim(first));
    else fields.set(javaTrim(first), parseTarget(javaTrim(second)));
  }
  if (whole === null || items.length === 1) return { whole, fields: inHashOrder(fields) };
  throw new ConnectError(
    'ConfigException',
    'Cast transformations that specify a type to cast the entire value to may only specify a single cast in their spec',
  );
}

function parseTarget(name: string): CastTarget {
  const upper = name.toUpperCase();
  const type = SCHEMA_TYPES.find(known => known === upper);
  if (type === undefined) {
    const why = `java.lang.IllegalArgumentException: No enum constant org.apache.kafka.connect.data.Schema.Type.${upper}`;
    throw new ConnectError('ConfigException', `Invalid value ${why} for configuration Invalid type found in casting spec: ${name}`);
  }
  if (isCastTarget(type)) return type;
  throw new ConnectError(
    'ConfigException',
    `Cast transformation does not support casting to ${type}; supported types are [${CAST_TARGETS.join(', ')}]`,
  );
}

const isCastTarget = (type: SchemaType): type is CastTarget => CAST_TARGETS.some(target => target === type);

function inHashOrder(fields: ReadonlyMap<string, CastTarget>): ReadonlyMap<string, CastTarget> {
  const order = new Map(hashOrder([...fields.keys()]).map((name, position) => [name, position]));
  return new Map([...fields].sort(([a], [b]) => (order.get(a) ?? 0) - (order.get(b) ?? 0)));
}
