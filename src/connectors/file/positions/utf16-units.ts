/**
 * How many UTF-16 units Java makes of UTF-8 bytes. Malformed bytes count as JDK 17's decoder replaces them, one U+FFFD for each
 * malformed piece; unlike WHATWG's decoders it takes an encoded surrogate as one piece of three bytes.
 */
import { isAscii } from 'node:buffer';
import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 1 << 18;
const LONGEST_SEQUENCE_BYTES = 4;
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** How far a count came. */
export interface UnitPosition {
  /** Bytes from the beginning of the file. */
  readonly bytes: number;
  /** UTF-16 units up to there: those asked for, or fewer at the end of the file or within a surrogate pair. */
  readonly units: number;
}

/**
 * Finds the byte position after this many UTF-16 units of a file. Reads piece by piece: memory is bounded, 10 GB take under a minute.
 */
export async function locateUnits(file: FileHandle, wantedUnits: number): Promise<UnitPosition> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let at: UnitPosition = { bytes: 0, units: 0 };
  while (at.units < wantedUnits) {
    const { bytesRead } = await file.read(chunk, 0, CHUNK_BYTES, at.bytes);
    // A short read says nothing; only an empty one is the end, and then what is left over is cut off.
    const atEnd = bytesRead < LONGEST_SEQUENCE_BYTES && (await isEnd(file, at.bytes + bytesRead));
    const step = advance(chunk.subarray(0, bytesRead), wantedUnits - at.units, atEnd);
    if (step.bytes === 0 && (atEnd || bytesRead >= LONGEST_SEQUENCE_BYTES)) break;
    at = { bytes: at.bytes + step.bytes, units: at.units + step.units };
  }
  return at;
}

async function isEnd(file: FileHandle, position: number): Promise<boolean> {
  return (await file.read(Buffer.alloc(1), 0, 1, position)).bytesRead === 0;
}

/**
 * Counts whole characters in a chunk, up to a number of units.
 * @param atEnd nothing follows the chunk; otherwise its last bytes are left alone where a character might go on
 */
export function advance(chunk: Buffer, maxUnits: number, atEnd: boolean): UnitPosition {
  if (chunk.length <= maxUnits && isAscii(chunk)) return { bytes: chunk.length, units: chunk.length };
  const safeEnd = atEnd ? chunk.length : chunk.length - LONGEST_SEQUENCE_BYTES + 1;
  let bytes = 0;
  let units = 0;
  while (bytes < safeEnd && units < maxUnits) {
    if ((chunk[bytes] ?? 0) < 0x80) {
      bytes++;
      units++;
      continue;
    }
    const length = sequenceLength(chunk, bytes);
    const added = length === LONGEST_SEQUENCE_BYTES ? 2 : 1;
    if (units + added > maxUnits) break;
    bytes += length;
    units += added;
  }
  return { bytes, units };
}

/** Length of the character, or of the malformed piece, that starts with this byte; 4 means a character beyond the BMP. */
function sequenceLength(chunk: Buffer, at: number): number {
  const first = chunk[at] ?? 0;
  const second = chunk[at + 1];
  // The rest of a file after a first byte, too short for a character but not wrong: one piece.
  if (first < 0xc2 || first > 0xf4 || second === undefined) return 1;
  if (!isContinuation(second)) return 1;
  if (first < 0xe0) return 2;
  const third = chunk[at + 2];
  if (first < 0xf0) {
    if (first === 0xe0 && second < 0xa0) return 1;
    return third === undefined || !isContinuation(third) ? 2 : 3;
  }
  if ((first === 0xf0 && second < 0x90) || (first === 0xf4 && second > 0x8f)) return 1;
  if (third === undefined || !isContinuation(third)) return 2;
  const fourth = chunk[at + 3];
  return fourth === undefined || !isContinuation(fourth) ? 3 : LONGEST_SEQUENCE_BYTES;
}
