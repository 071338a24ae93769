/**
 * A column whose neighbours are mostly alike, such as topics: each value once for all entries in a row that have it. The maker owns it and
 * may empty it for the next batch.
 */
export class Runs<T> {
  /** One value a run. */
  readonly values: T[] = [];
  /** Where each run ends: the index after its last entry. */
  readonly ends: number[] = [];

  /** A column with one value for all entries. */
  static of<T>(value: T, count: number): Runs<T> {
    const runs = new Runs<T>();
    runs.append(value, count);
    return runs;
  }

  /** How many entries there are. */
  get count(): number {
    return this.ends.at(-1) ?? 0;
  }

  /** Forgets all entries. */
  clear(): void {
    this.ends.length = 0;
    this.values.length = 0;
  }

  /** Adds entries with this value. */
  append(value: T, count = 1): void {
    if (count === 0) return;
    const last = this.ends.length - 1;
    if (last >= 0 && this.values[last] === value) this.ends[last] = (this.ends[last] as number) + count;
    else {
      this.ends.push(this.count + count);
      this.values.push(value);
    }
  }

  /** The value of entry `i`, which must be there. */
  at(i: number): T {
    return this.values[this.runOf(i)] as T;
  }

  /** Where the run ends that holds entry `i`, which must be there. */
  endOf(i: number): number {
    return this.ends[this.runOf(i)] as number;
  }

  private runOf(i: number): number {
    let low = 0;
    let high = this.ends.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.ends[middle] as number) > i) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
