/** Tells from its keys which program a file is for: files of the command line are easily mixed up, and Java only says what is missing. */

/** A kind of file, and keys that only files of this kind have. */
interface Kind {
  readonly what: string;
  readonly marks: RegExp;
  readonly remedy: string;
}

const ORDER = 'The worker file comes first, files of connectors follow: connect-standalone worker.properties connector.properties';
const CONNECTOR: Kind = { what: 'a file of a connector', marks: /^(?:connector\.class|tasks\.max|topics|topics\.regex)$/, remedy: ORDER };
const DISTRIBUTED: Kind = {
  what: 'a file for connect-distributed',
  marks: /^(?:group\.id|(?:config|offset|status)\.storage\.(?:topic|partitions|replication\.factor))$/,
  remedy: 'This is the standalone worker, which keeps offsets in a file and nothing in topics',
};
const BROKER: Kind = {
  what: 'a file of a Kafka broker',
  marks: /^(?:process\.roles|node\.id|broker\.id|log\.dirs|controller\.quorum\.\w+(?:\.\w+)?|zookeeper\.connect)$/,
  remedy: 'The worker has one of its own, with bootstrap.servers, converters and offset.storage.file.filename',
};
const WORKER: Kind = {
  what: 'a file of a worker',
  marks: /^(?:bootstrap\.servers|offset\.storage\.file\.filename|plugin\.path|listeners|group\.id|config\.storage\.topic)$/,
  remedy: ORDER,
};
/** JSON read as properties: keys begin with quotes or brackets. */
const JSON_KEY = /^[{"]/;
const MAX_NAMED = 5;

/** Sentences about a worker file that misses something; empty if its kind is unknown. */
export function otherThanWorkerFile(keys: readonly string[]): string {
  if (keys.some(key => JSON_KEY.test(key))) return `This is JSON, as files of connectors may be. ${ORDER}`;
  return describe(keys, [CONNECTOR, DISTRIBUTED, BROKER]);
}

/** The same for a connector file. */
export function otherThanConnectorFile(keys: readonly string[]): string {
  return describe(keys, [WORKER, BROKER]);
}

/** Keys of distributed workers, which a standalone worker does not use. */
export function keysOfDistributed(keys: readonly string[]): readonly string[] {
  return keys.filter(key => DISTRIBUTED.marks.test(key));
}

/** The warning about a worker file with such keys that misses nothing. */
export const FOR_DISTRIBUTED = `these settings are for distributed workers and have no effect. ${DISTRIBUTED.remedy}`;

function describe(keys: readonly string[], kinds: readonly Kind[]): string {
  for (const { what, marks, remedy } of kinds) {
    const found = keys.filter(key => marks.test(key)).slice(0, MAX_NAMED);
    if (found.length > 0) return `This is ${what} (it has ${found.join(', ')}). ${remedy}`;
  }
  return '';
}
