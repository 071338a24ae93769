/** The order in which java.util.HashMap and HashSet go through texts; it shows in messages, and where the first or last one wins. */

const FIRST_TABLE_SIZE = 16;
const LOAD_FACTOR = 0.75;

/** Distinct texts in the order of a HashSet or HashMap that they were put into one by one: by bucket, then by insertion. */
export function hashOrder(texts: readonly string[]): string[] {
  const distinct = [...new Set(texts)];
  let tableSize = FIRST_TABLE_SIZE;
  while (distinct.length > tableSize * LOAD_FACTOR) tableSize *= 2;
  return distinct.sort((a, b) => bucketOf(a, tableSize) - bucketOf(b, tableSize));
}

function bucketOf(text: string, tableSize: number): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return (hash ^ (hash >>> 16)) & (tableSize - 1);
}
