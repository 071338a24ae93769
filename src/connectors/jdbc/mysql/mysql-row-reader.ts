/** Reads rows of the binary protocol: numbers and timestamps without the driver's intermediate strings. */
import { dayMillis } from '../database/values/temporal-value';
import { readAscii, readUtf8 } from '../database/values/wire-text';
import type { MySqlField, MySqlPacket, MySqlRowParser } from './mysql-driver';

type FieldReader = (packet: MySqlPacket, field: MySqlField) => unknown;

const UNSIGNED = 32;
const TWO_POW_32 = 2 ** 32;
/** A row begins with a header byte, followed by a bitmap of NULLs whose first two bits are unused. */
const FIRST_NULL_BIT = 2;

/** Readers by type number; binaries have the same numbers as texts and differ in their character set. */
const READERS: ReadonlyMap<number, FieldReader> = new Map<number, FieldReader>([
  [0, readDecimal],
  [1, (packet, { flags }) => (flags & UNSIGNED ? packet.readInt8() : packet.readSInt8())],
  [2, (packet, { flags }) => (flags & UNSIGNED ? packet.readInt16() : packet.readSInt16())],
  [3, readInt32],
  [4, packet => packet.readFloat()],
  [5, packet => packet.readDouble()],
  [7, readTimestamp],
  [8, readInt64],
  [9, readInt32],
  [10, (packet, { decimals, columnType }) => packet.readDateTimeString(decimals, null, columnType)],
  [11, packet => packet.readTimeString()],
  [12, readTimestamp],
  [13, packet => packet.readInt16()],
  [6, () => null],
  [16, readCharacters],
  [245, packet => readText(packet)],
  [246, readDecimal],
  // The driver would parse it.
  [255, packet => packet.readLengthCodedBuffer().toString('hex')],
  ...[15, 249, 250, 251, 252, 253, 254].map((type): [number, FieldReader] => [type, readCharacters]),
]);
const BINARY_CHARSET = 63;

/** A parser for rows with these fields; null if one of them must be left to the driver. */
export function rowParserOf(fields: readonly MySqlField[]): (new () => MySqlRowParser) | null {
  const readers = fields.map(field => READERS.get(field.columnType));
  const areKnown = fields.every(({ encoding, characterSet }) => encoding === 'utf8' || characterSet === BINARY_CHARSET);
  if (!areKnown || readers.includes(undefined)) return null;
  const nullBytes = (fields.length + FIRST_NULL_BIT + 7) >> 3;
  return class {
    next(packet: MySqlPacket): unknown[] {
      const nulls = packet.offset + 1;
      packet.offset = nulls + nullBytes;
      const row = new Array<unknown>(readers.length);
      for (let i = 0; i < row.length; i++) {
        const bit = i + FIRST_NULL_BIT;
        const isNull = ((packet.buffer[nulls + (bit >> 3)] as number) >> (bit & 7)) & 1;
        row[i] = isNull ? null : (readers[i] as FieldReader)(packet, fields[i] as MySqlField);
      }
      return row;
    }
  };
}

function readInt32(packet: MySqlPacket, { flags }: MySqlField): number {
  return flags & UNSIGNED ? packet.readInt32() : packet.readSInt32();
}

function readInt64(packet: MySqlPacket, { flags }: MySqlField): number | string {
  const { buffer, offset } = packet;
  packet.offset = offset + 8;
  const high = flags & UNSIGNED ? buffer.readUInt32LE(offset + 4) : buffer.readInt32LE(offset + 4);
  const value = high * TWO_POW_32 + buffer.readUInt32LE(offset);
  if (Number.isSafeInteger(value)) return value;
  return String(flags & UNSIGNED ? buffer.readBigUInt64LE(offset) : buffer.readBigInt64LE(offset));
}

/** Milliseconds of the wall clock time; or the driver's string, if milliseconds would lose something, as for zero dates. */
function readTimestamp(packet: MySqlPacket, { decimals, columnType }: MySqlField): number | string {
  const { buffer, offset } = packet;
  const length = buffer[offset] as number;
  const at = offset + 1;
  const month = length < 4 ? 0 : (buffer[at + 2] as number);
  const day = length < 4 ? 0 : (buffer[at + 3] as number);
  const micros = length < 11 ? 0 : buffer.readUInt32LE(at + 7);
  const year = length < 4 ? 0 : buffer.readUInt16LE(at);
  if (year < 100 || month === 0 || day === 0 || micros % 1000 !== 0) return packet.readDateTimeString(decimals, null, columnType);
  packet.offset = at + length;
  const seconds = length < 7 ? 0 : (buffer[at + 4] as number) * 3600 + (buffer[at + 5] as number) * 60 + (buffer[at + 6] as number);
  return dayMillis(year, month, day) + seconds * 1000 + micros / 1000;
}

function readDecimal(packet: MySqlPacket): string {
  const length = packet.readLengthCodedNumber();
  packet.offset += length;
  return readAscii(packet.buffer, packet.offset - length, packet.offset);
}

function readCharacters(packet: MySqlPacket, { characterSet }: MySqlField): string | Buffer {
  return characterSet === BINARY_CHARSET ? packet.readLengthCodedBuffer() : readText(packet);
}

function readText(packet: MySqlPacket): string {
  const length = packet.readLengthCodedNumber();
  packet.offset += length;
  return readUtf8(packet.buffer, packet.offset - length, packet.offset);
}
