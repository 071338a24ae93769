/** Has connectors convert the offsets of an offset file that another program has written: in a thread, since they read files for it. */
import type { StoredOffset } from '../api/connector';
import { parseJson, stringifyJson } from '../config/files/exact-json';
import { ConnectError, toError } from '../errors';
import { getLogger } from '../log';
import type { ConvertForeign } from '../offsets/file-offset-store';
import { parseOffsetKey } from '../offsets/offset-key';
import type { OffsetEntry } from '../thread/messages';
import type { ConnectorThreads } from './connector-thread-handle';

const log = getLogger('org.apache.kafka.connect.storage.FileOffsetBackingStore');

/** An entry of the store, taken apart. */
interface Candidate {
  readonly entry: OffsetEntry;
  readonly stored: StoredOffset;
}

/** For the offset store. @param threads the thread is started for a call, and ended with it */
export function offsetConverter(threads: Pick<ConnectorThreads, 'start'>): ConvertForeign {
  return async (entries, afterOwn) => {
    const candidates = entries.flatMap(candidateOf);
    const thread = threads.start('the conversion of offsets', [], {
      onReconfigure: () => {},
      onMetrics: () => {},
      onRaised: error => log.error('A connector has thrown after it was asked to convert offsets', error),
    });
    try {
      const offsets = candidates.map(({ stored }) => stored);
      const converted = await thread.call('convertOffsets', offsets, afterOwn);
      return candidates.flatMap(({ entry, stored }, i) => changedEntry(entry, stored, converted[i] ?? stored));
    } catch (error) {
      const why = toError(error).message;
      throw new ConnectError(
        'ConnectException',
        `Offsets of Kafka Connect on Java could not be converted, and stay as they are: ${why}`,
        error,
      );
    } finally {
      await thread.end();
    }
  };
}

/** Nothing for an entry that holds no offset of a source. */
function candidateOf(entry: OffsetEntry): Candidate[] {
  const [key, value] = entry;
  const parsed = parseOffsetKey(key);
  if ('problem' in parsed || value === null) return [];
  const [partition, offset] = [objectOf(parsed.partition), objectOf(value)];
  return partition && offset ? [{ entry, stored: { partition, offset } }] : [];
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const parsed = parseJson(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : null;
  } catch (error) {
    if (error instanceof ConnectError) return null;
    throw error;
  }
}

function changedEntry([key]: OffsetEntry, before: StoredOffset, after: StoredOffset): OffsetEntry[] {
  const [earlier, later] = [stringifyJson(before.offset), stringifyJson(after.offset)];
  return earlier === later ? [] : [[key, later]];
}
