/**
 * Converts positions of Java's FileStreamSource. Java counts UTF-16 units, this program counts bytes, and in the offset file both
 * are `{"position":n}`. Called for entries that a Java worker wrote.
 *
 * Where the true place can be. For text beyond ASCII a Java number `n` has fewer units than bytes, so the place lies at the byte
 * that ends the first `n` units, call it `b`, and `n <= b`. But after a restart Java skips `n` *bytes* and counts units from
 * there, so a worker that was restarted, or went on from bytes of ours, stands somewhere between `n` and `b`, at a line start.
 * Which of the two a number is cannot be read from it, hence:
 * - no trace of this program beside the offset file, and `b` begins a line: `b`, as for every worker that was never restarted
 *   (after a restart a `b` that does not fit begins a line only by chance);
 * - otherwise in doubt: the first line start from `n` on, with a warning. It is never later than the true place, so lines may
 *   come twice but none is lost. Numbers of our own whose record of hashes was lost stay as they are, since they begin a line.
 */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { getLogger } from '../../../log';
import { errorCode } from '../../../offsets/file-error';
import type { ForeignOffsets } from '../../../offsets/file-offset-store';
import { parseOffsetKey } from '../../../offsets/offset-key';
import type { OffsetEntry } from '../../../thread/messages';
import { firstLineStart, isLineStart, lastLineStartBefore } from './line-boundary';
import { locateUnits } from './utf16-units';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** A FileStreamSource offset: the file as configured, and the number stored for it. */
export interface FilePosition {
  readonly filename: string;
  readonly position: number;
}

/** True if the entry looks like one of FileStreamSource: `{"filename":"..."}` with `{"position":n}` and nothing else. */
export function isFilePosition(entry: OffsetEntry): boolean {
  return filePositionOf(entry) !== null;
}

/**
 * Converts entries that Java wrote; other entries are left out.
 * @param afterOwn this program has used the offset file before, so Java may have gone on from bytes
 * @returns entries whose number changes; keys are the same texts
 */
export async function convertJavaPositions(entries: readonly OffsetEntry[], afterOwn: boolean): Promise<OffsetEntry[]> {
  const changed: OffsetEntry[] = [];
  for (const entry of entries) {
    const java = filePositionOf(entry);
    if (java === null || java.position === 0) continue;
    const position = await convertInFile(java, afterOwn);
    if (position !== java.position) changed.push([entry[0], JSON.stringify({ position })]);
  }
  return changed;
}

/** For the offset store: FileStreamSource's part of an offset file that Java has written. */
export const JAVA_POSITIONS: ForeignOffsets = { concerns: isFilePosition, convert: convertJavaPositions };

/** The file and position of such an entry; null for any other. */
export function filePositionOf([key, value]: OffsetEntry): FilePosition | null {
  const parsed = parseOffsetKey(key);
  if ('problem' in parsed || value === null) return null;
  const filename = onlyMember(parsed.partition, 'filename');
  const position = onlyMember(value, 'position');
  if (typeof filename !== 'string' || filename === '') return null;
  if (typeof position !== 'number' || !Number.isSafeInteger(position) || position < 0) return null;
  return { filename, position };
}

function onlyMember(json: string, name: string): unknown {
  try {
    const parsed: unknown = JSON.parse(json);
    const isOnly = typeof parsed === 'object' && parsed !== null && Object.keys(parsed).join() === name;
    return isOnly ? (parsed as Record<string, unknown>)[name] : undefined;
  } catch {
    return undefined;
  }
}

async function convertInFile(java: FilePosition, afterOwn: boolean): Promise<number> {
  let file: FileHandle;
  try {
    // Non-blocking, so that a FIFO without a writer does not hold up the start.
    file = await open(java.filename, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return keep(java, errorCode(error) === 'ENOENT' ? 'the file is not there' : `the file cannot be read (${errorCode(error)})`);
  }
  try {
    const stats = await file.stat();
    if (!stats.isFile()) return keep(java, 'it is not a regular file');
    if (stats.size < java.position) return keep(java, `the file has only ${stats.size} bytes`);
    return await choose(file, java, afterOwn);
  } finally {
    await file.close();
  }
}

function keep(java: FilePosition, why: string): number {
  log.warn(
    `Position ${java.position} of ${java.filename} was written by Kafka Connect on Java, which counts characters, and cannot be ` +
      `converted to bytes: ${why}. The number stays; if the file holds more than ASCII, check it`,
  );
  return java.position;
}

/** Decides between the two readings of a number, see the head of this file. */
async function choose(file: FileHandle, java: FilePosition, afterOwn: boolean): Promise<number> {
  const asBytes = java.position;
  const asUnits = await locateUnits(file, java.position);
  const unitsFit = asUnits.units === java.position && (await isLineStart(file, asUnits.bytes));
  if (unitsFit && asUnits.bytes === asBytes) return asBytes;
  if (unitsFit && !afterOwn) {
    log.info(`Position of ${java.filename} converted from ${asBytes} characters, as Java counts, to ${asUnits.bytes} bytes`);
    return asUnits.bytes;
  }
  const position = (await firstLineStart(file, asBytes, asUnits.bytes)) ?? (await lastLineStartBefore(file, asBytes));
  log.warn(
    `Position ${java.position} of ${java.filename} was written by Kafka Connect on Java, which counts characters, but after a ` +
      `restart skips bytes: the place may be anywhere from byte ${asBytes} to byte ${asUnits.bytes}. Reading goes on at byte ` +
      `${position}, the earliest line start that it can be; up to ${asUnits.bytes - position} bytes may be sent again`,
  );
  return position;
}
