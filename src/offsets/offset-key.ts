/**
 * Keys of the offset store, `["connector",{partition}]`. Two keys are the same when their JSON is, whatever the order of names: a
 * Java worker writes several names in the order of its HashMap.
 */
import { canonicalJson, JsonTextError, splitJsonArray } from './canonical-json';

/** A key taken apart. */
export interface OffsetKey {
  readonly connector: string;
  /** The partition as JSON text, as it stands in the key. */
  readonly partition: string;
}

/** The key of a partition, compact. @param partition a JSON object as text */
export function formatOffsetKey(connector: string, partition: string): string {
  return `[${JSON.stringify(connector)},${partition}]`;
}

/** A text that is equal for equal keys; a text that is not JSON stands for itself. */
export function canonicalKey(text: string): string {
  try {
    return canonicalJson(text);
  } catch (error) {
    if (error instanceof JsonTextError) return text;
    throw error;
  }
}

/** Takes a key apart, or says why it is no key of an offset (the texts of Java's OffsetUtils). */
export function parseOffsetKey(text: string): OffsetKey | { readonly problem: string } {
  let parts: string[] | null;
  try {
    parts = splitJsonArray(text);
  } catch (error) {
    if (error instanceof JsonTextError) return { problem: 'Ignoring offset partition key with unknown serialization. Expected json.' };
    throw error;
  }
  const unexpected = 'Ignoring offset partition key with an unexpected';
  if (parts === null) return { problem: `${unexpected} format. Expected type: java.util.List, actual type: ${javaTypeOf(text.trim())}` };
  const [connector, partition] = parts;
  if (connector === undefined || partition === undefined || parts.length !== 2) {
    return { problem: `${unexpected} number of elements. Expected: 2, actual: ${parts.length}` };
  }
  const element = (which: string, type: string, found: string): { problem: string } => ({
    problem: `${unexpected} format for the ${which} element in the partition key list. Expected type: ${type}, actual type: ${javaTypeOf(found)}`,
  });
  if (!connector.startsWith('"')) return element('first', 'java.lang.String', connector);
  if (!partition.startsWith('{')) return element('second', 'java.util.Map', partition);
  return { connector: JSON.parse(connector) as string, partition };
}

/** The class that Java's schemaless JsonConverter gives a value. */
function javaTypeOf(json: string): string {
  switch (json[0]) {
    case '{':
      return 'java.util.HashMap';
    case '[':
      return 'java.util.ArrayList';
    case '"':
      return 'java.lang.String';
    case 't':
    case 'f':
      return 'java.lang.Boolean';
    case 'n':
      return 'null';
    default:
      return /[.eE]/.test(json) ? 'java.lang.Double' : 'java.lang.Long';
  }
}
