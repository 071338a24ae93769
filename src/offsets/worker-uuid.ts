/** What tells this worker from all others, kept beside the offset file: transactions and the topic of offsets are named after it. */
import { randomUUID } from 'node:crypto';
import { ConnectError } from '../errors';
import { getLogger } from '../log';
import { readOwn } from '../own-files';
import { writeDurably } from './durable-write';
import { errorCode, fileError } from './file-error';
import { kindOfFile, locateOffsetFile } from './offset-file-paths';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');
/** What may stand in names of topics. */
const USABLE = /^[A-Za-z0-9._-]{1,100}$/;

/**
 * The uuid of the worker that has this offset file; made and kept if there is none. The offset file must be locked.
 * @param given `worker.uuid`, which counts before what is kept and changes nothing of it
 * @throws ConnectError if the file cannot be read or written, or holds no usable name
 */
export async function workerUuid(offsetFile: string, given: string | null): Promise<string> {
  const paths = await locateOffsetFile(offsetFile);
  if (given !== null) return checked(given.trim(), 'worker.uuid');
  if ((await kindOfFile(paths.file)) === 'device') {
    throw new ConnectError(
      'ConfigException',
      `Missing configuration worker.uuid: exactly-once needs a lasting name for this worker, and ${offsetFile} keeps nothing. Set worker.uuid, or another offset.storage.file.filename.`,
    );
  }
  const kept = await read(paths.workerUuid);
  const uuid = kept === null ? randomUUID() : checked(kept, paths.workerUuid);
  if (kept === null) await writeDurably(paths.workerUuid, Buffer.from(`${uuid}\n`));
  log.info(
    `The uuid of this worker is ${uuid}, kept in ${paths.workerUuid}. If that file is lost, set worker.uuid=${uuid}; the uuid is also in the name of ` +
      'the default topic of offsets, connect-offsets-<uuid>.',
  );
  return uuid;
}

async function read(path: string): Promise<string | null> {
  try {
    return (await readOwn(path)).toString().trim();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw fileError('read', path, error);
  }
}

function checked(uuid: string, where: string): string {
  if (USABLE.test(uuid)) return uuid;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${uuid.slice(0, 120)} for ${where}: a worker uuid has 1 to 100 letters, digits, dots, hyphens and underscores`,
  );
}
