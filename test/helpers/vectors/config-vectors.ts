/** Runs golden vectors of settings and of offset files: one case at a time, a plain value against a plain value. */
import { type ConfigType, Password, parseType } from '../../../src/api/config-def';
import type { ConfigProvider } from '../../../src/api/config-provider';
import { parseProperties } from '../../../src/config/files/properties';
import { ConfigTransformer } from '../../../src/config/providers/config-transformer';
import { javaClassName, toError } from '../../../src/errors';
import { readHashMap, writeHashMap } from '../../../src/java/serialization/java-hash-map';
import type { VectorError } from './fixtures';
import { VECTOR_DEF } from './vector-definition';
import type { VectorResult } from './vectors';

/** What all these cases have; the rest is known to those who read it. */
export interface PlainCase {
  readonly name: string;
  readonly input: unknown;
  readonly expect?: unknown;
  readonly error?: VectorError;
}

/** Runs one case. */
export type RunPlain = (test: PlainCase) => VectorResult;

/** A value with one tag, which is its Java type. */
type Tagged = Readonly<Record<string, unknown>> | null;
type Texts = Readonly<Record<string, string | null>>;
type ProviderTable = Readonly<Record<string, { readonly data: Readonly<Record<string, string>>; readonly ttl?: string }>>;

/** The value without its tag; passwords stay apart from texts. */
export function untag(tagged: Tagged): unknown {
  const [tag, value] = Object.entries(tagged ?? {})[0] ?? [];
  if (tag === 'int64' || tag === 'float64') return Number(value);
  if (tag === 'list') return (value as Tagged[]).map(untag);
  if (tag === 'password') return new Password(String(value));
  return value ?? null;
}

/** Answers from a table; an unknown path has no values. */
export function tableProvider(values: ProviderTable): ConfigProvider {
  return {
    configure: () => {},
    get: (path, keys) => {
      const known = Object.hasOwn(values, path) ? values[path] : undefined;
      const data = Object.fromEntries(Object.entries(known?.data ?? {}).filter(([name]) => keys.has(name)));
      return known?.ttl === undefined ? { data } : { data, ttlMs: Number(known.ttl) };
    },
    close: () => {},
  };
}

function plain(run: (test: PlainCase) => { got: unknown; expected: unknown }): RunPlain {
  return test => {
    let sides: { got: string; expected: string };
    try {
      const { got, expected } = run(test);
      sides = { got: canonicalText(got), expected: test.error ? errorText(test.error) : canonicalText(expected) };
    } catch (error) {
      sides = { got: thrownText(toError(error), test.error), expected: test.error ? errorText(test.error) : canonicalText(test.expect) };
    }
    return { name: test.name, passed: sides.got === sides.expected, ...sides };
  };
}

function errorText({ class: javaClass, match, message, prefix }: VectorError & { readonly prefix?: string }): string {
  return `${javaClass}: ${match === 'class' ? '' : ((match === 'prefix' ? prefix : message) ?? '')}`;
}

function thrownText(error: Error, expected: (VectorError & { readonly prefix?: string }) | undefined): string {
  const { match = 'exact', prefix = '' } = expected ?? {};
  const message = match === 'class' ? '' : match === 'prefix' ? error.message.slice(0, prefix.length) : error.message;
  return `${javaClassName(error)}: ${message}`;
}

/** Texts of equal values are equal: names in order, passwords shown. */
function canonicalText(value: unknown): string {
  return JSON.stringify(canonical(value)) ?? 'undefined';
}

function canonical(value: unknown): unknown {
  if (typeof value === 'bigint') return { bigint: String(value) };
  if (typeof value === 'number') return { number: Object.is(value, -0) ? '-0' : String(value) };
  if (value instanceof Password) return { password: value.value };
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => [name, canonical(each)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

const bytesOf = (input: unknown): Buffer => Buffer.from((input as { bytes: string }).bytes, 'base64');

/** java.util.Properties: pairs in order of first appearance. */
export const runProperties = plain(({ input, expect }) => ({
  got: Object.entries(parseProperties(bytesOf(input).toString('latin1'))),
  expected: expect,
}));

/** ConfigTransformer with providers that answer from tables. */
export const runConfigTransformer = plain(test => {
  const { providers } = test as unknown as { providers: Readonly<Record<string, ProviderTable>> };
  const tables = new Map(Object.entries(providers).map(([name, values]) => [name, tableProvider(values)]));
  const { data, ttlsMs } = new ConfigTransformer(tables).transform(test.input as Texts);
  return { got: { data, ttls: Object.fromEntries([...ttlsMs].map(([path, ms]) => [path, String(ms)])) }, expected: test.expect };
});

const runParseType = plain(test => {
  const { type, key } = test as unknown as { type: ConfigType; key: string };
  const findClass = (name: string): string | undefined => (name === 'java.lang.String' ? name : undefined);
  return { got: parseType(key, untag(test.input as Tagged), type, findClass), expected: untag((test.expect ?? null) as Tagged) };
});

const runParse = plain(({ input, expect = {} }) => {
  const parsed = VECTOR_DEF.parse(input as Texts, { findClass: name => name });
  const wanted = Object.entries(expect as Readonly<Record<string, Tagged>>);
  const got = wanted.map(([name]) => [name, parsed.get(name)]);
  return { got, expected: wanted.map(([name, value]) => [name, untag(value)]) };
});

/** ConfigDef: `parseType` where a case has a type, otherwise `parse`. */
export const runConfigDef: RunPlain = test => ('type' in test ? runParseType(test) : runParse(test));

/** An offset file: its entries as a set, and that what is written from them is read again. */
export const runOffsetFile = plain(({ input, expect }) => {
  const entries = readHashMap(bytesOf(input));
  const texts = (from: typeof entries): unknown[] => from.map(([key, value]) => [key?.toString(), value?.toString() ?? null]).sort();
  const again = texts(readHashMap(writeHashMap(entries)));
  const wanted = [...(expect as unknown[])].sort();
  return { got: [texts(entries), again], expected: [wanted, wanted] };
});
