/** Documents in which schema and payload travel together. */

import { LruCache } from '../../data/lru-cache';
import type { SchemaAndValue } from '../../data/record/record';
import type { Schema } from '../../data/schema/schema';
import { ConnectError } from '../../errors';
import type { JsonDecoder } from './json-decoder';
import type { JsonReader } from './json-reader';
import { readSchema } from './json-schema';
import { JsonStructReader } from './json-struct-reader';
import type { JsonValue } from './json-value';

const CLOSING_BRACE = 0x7d;

/** An envelope taken apart. */
export interface Envelope {
  readonly schema: Schema | null;
  readonly payload: JsonValue;
}

/** How envelopes begin that carry a certain schema: all bytes up to the payload. */
export interface EnvelopeHead {
  readonly bytes: Buffer;
  readonly schema: Schema | null;
}

/** Reads envelopes; what begins as the one before does costs no reading of the schema. */
export class EnvelopeReader {
  /** Schemas by the bytes they were read from. */
  private readonly schemas: LruCache<string, Schema>;
  /** The beginning of the last envelope, null before the first. The bytes are a copy. */
  head: EnvelopeHead | null = null;
  /** For payloads behind it, if they are of a struct with plain members. */
  private structs: JsonStructReader | null = null;

  constructor(
    private readonly reader: JsonReader,
    private readonly decoder: JsonDecoder,
    cacheSize: number,
  ) {
    this.schemas = new LruCache(cacheSize);
  }

  /**
   * Takes an envelope apart.
   * @param bytes UTF-8; not kept
   * @throws SerializationException for malformed JSON, DataException for anything but an envelope, or for its schema
   */
  read(bytes: Buffer): Envelope {
    return this.readLikeLast(bytes) ?? this.readWhole(bytes);
  }

  /** Schema and value of an envelope that is like the last one and plain in all its members; null for any other. */
  readPlain(bytes: Buffer): SchemaAndValue | null {
    const { head, structs } = this;
    if (head === null || structs === null || !beginsWith(bytes, head.bytes)) return null;
    const value = structs.read(bytes, head.bytes.length);
    return value !== null && bytes[structs.end] === CLOSING_BRACE ? { schema: head.schema, value } : null;
  }

  private readLikeLast(bytes: Buffer): Envelope | null {
    const { head } = this;
    if (!head || !beginsWith(bytes, head.bytes)) return null;
    const payload = this.reader.readMember(bytes, head.bytes.length);
    // anything but the end here would be further members
    return bytes[this.reader.position] === CLOSING_BRACE ? { schema: head.schema, payload } : null;
  }

  private readWhole(bytes: Buffer): Envelope {
    const document = this.reader.read(bytes);
    const json = document instanceof Map ? document.get('schema') : undefined;
    const payload = document instanceof Map ? document.get('payload') : undefined;
    if (!(document instanceof Map) || document.size !== 2 || json === undefined || payload === undefined) throw noEnvelope();
    const [start, end] = this.reader.topLevelRanges.get('schema') ?? [0, 0];
    const [payloadStart] = this.reader.topLevelRanges.get('payload') ?? [0];
    const schema = this.schemaOf(json, bytes.toString('latin1', start, end));
    if (end < payloadStart) {
      this.head = { bytes: Buffer.from(bytes.subarray(0, payloadStart)), schema };
      this.structs = JsonStructReader.of(schema, this.reader, this.decoder);
    }
    return { schema, payload };
  }

  private schemaOf(json: JsonValue, text: string): Schema | null {
    const known = this.schemas.get(text);
    if (known) return known;
    const schema = readSchema(json, this.decoder);
    if (schema) this.schemas.put(text, schema);
    return schema;
  }
}

const beginsWith = (bytes: Buffer, head: Buffer): boolean =>
  bytes.length > head.length && bytes.compare(head, 0, head.length, 0, head.length) === 0;

function noEnvelope(): ConnectError {
  const hint = 'If you are trying to deserialize plain JSON data, set schemas.enable=false in your converter configuration.';
  return new ConnectError(
    'DataException',
    `JsonConverter with schemas.enable requires "schema" and "payload" fields and may not contain additional fields. ${hint}`,
  );
}
