/** A map that keeps the most recently used entries (org.apache.kafka.common.cache.LRUCache). */
export class LruCache<K, V> {
  private readonly entries = new Map<K, V>();

  /** @param maxSize how many entries to keep; none if it is not positive */
  constructor(private readonly maxSize: number) {}

  get(key: K): V | undefined {
    const value = this.entries.get(key);
    if (value === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, value);
    return value;
  }

  put(key: K, value: V): void {
    if (this.maxSize <= 0) return;
    this.entries.delete(key);
    this.entries.set(key, value);
    if (this.entries.size <= this.maxSize) return;
    const [oldest] = this.entries.keys();
    this.entries.delete(oldest as K);
  }
}
