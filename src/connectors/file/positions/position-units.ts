/**
 * Converts positions of Java's FileStreamSource. Java counts UTF-16 units, this program counts bytes, and in the offset file both
 * are `{"position":n}`. Called for offsets that a Java worker wrote.
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
import type { StoredOffset } from '../../../api/connector';
import { getLogger } from '../../../log';
import { errorCode } from '../shared/file-trouble';
import { firstLineStart, isLineStart, lastLineStartBefore } from './line-boundary';
import { locateUnits } from './utf16-units';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** A FileStreamSource offset: the file as configured, and the number stored for it. */
interface FilePosition {
  readonly filename: string;
  readonly position: number;
}

/**
 * Converts the offsets among these that look like those of FileStreamSource: `{"filename":"..."}` with `{"position":n}` and nothing else.
 * @param afterOwn this program has used the offset file before, so Java may have gone on from bytes
 * @returns one element for each of them: the offset whose number changes, null where it stays
 */
export async function convertJavaPositions(
  offsets: readonly StoredOffset[],
  afterOwn: boolean,
): Promise<(StoredOffset['offset'] | null)[]> {
  const converted: (StoredOffset['offset'] | null)[] = [];
  for (const stored of offsets) {
    const java = filePositionOf(stored);
    const position = java === null || java.position === 0 ? undefined : await convertInFile(java, afterOwn);
    converted.push(position === undefined || position === java?.position ? null : { position: BigInt(position) });
  }
  return converted;
}

/** Null for an offset of any other shape. */
function filePositionOf({ partition, offset }: StoredOffset): FilePosition | null {
  const { filename } = partition;
  const { position } = offset;
  if (Object.keys(partition).length !== 1 || Object.keys(offset).length !== 1) return null;
  if (typeof filename !== 'string' || filename === '') return null;
  if (typeof position !== 'bigint' || position < 0n || position > Number.MAX_SAFE_INTEGER) return null;
  return { filename, position: Number(position) };
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
  } catch (error) {
    if (errorCode(error) === '') throw error;
    return keep(java, `the file cannot be read (${errorCode(error)})`);
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
