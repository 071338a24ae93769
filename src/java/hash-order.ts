/** The iteration order of java.util.HashMap and HashSet over texts; it shows in messages, and where the first or last one counts. */

const FIRST_TABLE_SIZE = 16;
const LOAD_FACTOR = 0.75;

/** Distinct texts in the order of a HashSet or HashMap to which they were added one by one: by bucket, then by insertion. */
export function hashOrder(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)];
  return inBucketOrder(distinct, tableSizeFor(distinct.length));
}

/** The same for a HashSet created from a list of distinct texts, whose table has room for one more. */
export function hashOrderOfList(distinct: readonly string[]): string[] {
  return inBucketOrder(distinct, tableSizeFor(distinct.length + LOAD_FACTOR));
}

/** Size of the table behind a map of this many entries. */
function tableSizeFor(entries: number): number {
  let size = FIRST_TABLE_SIZE;
  while (entries > size * LOAD_FACTOR) size *= 2;
  return size;
}

function inBucketOrder(texts: readonly string[], tableSize: number): string[] {
  return [...texts].sort((a, b) => bucketOf(a, tableSize) - bucketOf(b, tableSize));
}

function bucketOf(text: string, tableSize: number): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 16)) & (tableSize - 1);
}
