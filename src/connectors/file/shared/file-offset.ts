/** The offset of a line: Java's `{"position":n}`, marked with the file that it is a position in. */
import { OFFSET_MARK } from '../../../api/source';

/** Knows what marks a position. */
export interface PositionMarker {
  /** The mark of a position; undefined where there is nothing to tell the file by. */
  markAt(position: number): string | undefined;
}

/** One may be made for each line, so it holds two values and no more; only `position` is its own enumerable member. */
export class FileOffset {
  [name: string]: unknown;
  readonly position: bigint;
  readonly #marker: PositionMarker;

  constructor(position: number, marker: PositionMarker) {
    this.position = BigInt(position);
    this.#marker = marker;
  }

  get [OFFSET_MARK](): string | undefined {
    return this.#marker.markAt(Number(this.position));
  }
}
