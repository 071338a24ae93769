/** Runs golden vectors (what the Java classes answered) against our classes, one case at a time. */
import { readFileSync } from 'node:fs';
import type { Converter, HeaderConverter } from '../../../src/api/converter';
import type { ConverterPlugin, HeaderConverterPlugin } from '../../../src/api/plugin';
import { javaClassName, toError } from '../../../src/errors';
import { dataFrom, dataToJson, type Json, type JsonObject } from './tagged-data';

/** A file of cases for one Java class. */
export interface VectorFile {
  readonly class: string;
  readonly cases: readonly VectorCase[];
}

/** One case; what else it holds depends on the kind of class. */
export interface VectorCase {
  readonly name: string;
  readonly family: string;
  /** Of classes with several functions. */
  readonly op?: string;
  readonly config: Readonly<Record<string, string>>;
  readonly topic: string;
  readonly isKey?: boolean;
  readonly headerKey?: string;
  readonly input: Json;
  readonly expect?: Json;
  readonly error?: { readonly class: string; readonly message?: string | null; readonly match: string; readonly prefix?: string };
  readonly at?: 'configure' | 'apply';
}

/** What came of a case; the texts are for readers and, when equal, mean that it passed. */
export interface VectorResult {
  readonly name: string;
  readonly passed: boolean;
  readonly expected: string;
  readonly got: string;
}

/** Reads a file of vectors. */
export function readVectors(path: string): VectorFile {
  return JSON.parse(readFileSync(path, 'utf8')) as VectorFile;
}

/** Doubles for which Java 17 misses the shortest text, with the one that Java 19 and we print; either is right. */
const SHORTER: readonly (readonly [string, string])[] = [
  ['9.999999999999999E22', '1.0E23'],
  ['8.409999999999999E21', '8.41E21'],
];

function withShortestNumbers(bytes: string): string {
  const text = Buffer.from(bytes, 'base64').toString('latin1');
  const changed = SHORTER.reduce((changing, [java17, shortest]) => changing.replaceAll(java17, shortest), text);
  return Buffer.from(changed, 'latin1').toString('base64');
}

/** Where a case failed: while the plugin was set up, or in use. */
class Stage {
  at: 'configure' | 'apply' = 'configure';
}

/** True for a case of a header converter; the others are of converters of keys and values. */
export function isHeaderCase(test: VectorCase): boolean {
  return test.op?.endsWith('Header') ?? false;
}

/** Runs one case of a converter of keys and values. A new instance is made for it. */
export function runConverterCase(test: VectorCase, plugin: ConverterPlugin | undefined): VectorResult {
  return judge(test, stage => {
    if (!plugin) throw new Error('The class converts no keys and values');
    const converter = plugin.create();
    converter.configure(test.config, test.isKey ? 'key' : 'value');
    stage.at = 'apply';
    return convert(test, converter);
  });
}

/** Runs one case of a header converter. */
export function runHeaderConverterCase(test: VectorCase, plugin: HeaderConverterPlugin | undefined): VectorResult {
  return judge(test, stage => {
    if (!plugin) throw new Error('The class converts no headers');
    const converter = plugin.create();
    converter.configure(test.config, 'header');
    stage.at = 'apply';
    return convertHeader(test, converter);
  });
}

function inputBytes(test: VectorCase): Buffer | null {
  const { bytes } = test.input as { bytes: string | null };
  return bytes === null ? null : Buffer.from(bytes, 'base64');
}

function bytesToJson(bytes: Buffer | null): Json {
  return { bytes: bytes?.toString('base64') ?? null };
}

function convert(test: VectorCase, converter: Converter): Json {
  if (test.op === 'fromConnectData') {
    const { schema, value } = dataFrom(test.input);
    return bytesToJson(converter.fromConnectData(test.topic, schema, value));
  }
  const { schema, value } = converter.toConnectData(test.topic, inputBytes(test));
  return dataToJson(schema, value);
}

function convertHeader(test: VectorCase, converter: HeaderConverter): Json {
  const { topic, headerKey = '' } = test;
  if (test.op === 'fromConnectHeader') {
    const { schema, value } = dataFrom(test.input);
    return bytesToJson(converter.fromConnectHeader(topic, headerKey, schema, value));
  }
  const { schema, value } = converter.toConnectHeader(topic, headerKey, inputBytes(test));
  return dataToJson(schema, value);
}

/** Compares what a case does with what it should. */
export function judge(test: VectorCase, run: (stage: Stage) => Json): VectorResult {
  const stage = new Stage();
  let got: string;
  try {
    got = JSON.stringify(run(stage));
  } catch (error) {
    got = describeError(toError(error), stage, test);
  }
  const expected = expectation(test);
  return { name: test.name, passed: got === expected, expected, got };
}

function describeError(error: Error, stage: Stage, test: VectorCase): string {
  const { match = 'exact', prefix = '' } = test.error ?? {};
  const message = match === 'class' ? '' : match === 'prefix' ? error.message.slice(0, prefix.length) : error.message;
  return `${javaClassName(error)} at ${stage.at}: ${message}`;
}

function expectation(test: VectorCase): string {
  const { error } = test;
  if (error)
    return `${error.class} at ${test.at}: ${error.match === 'class' ? '' : ((error.match === 'prefix' ? error.prefix : error.message) ?? '')}`;
  // Java gives no pair at all for the text null; here that is a pair of nulls
  if (test.op?.startsWith('to') && test.expect === null) return JSON.stringify(dataToJson(null, null));
  if (test.op?.startsWith('from')) {
    const { bytes } = test.expect as JsonObject;
    return JSON.stringify({ bytes: typeof bytes === 'string' ? withShortestNumbers(bytes) : null });
  }
  // Records, predicates and texts come in the form in which they are compared.
  if (test.op === undefined || test.op === 'convertToString') return JSON.stringify(test.expect);
  const { schema, value } = dataFrom(test.expect ?? null);
  return JSON.stringify(dataToJson(schema, value));
}
