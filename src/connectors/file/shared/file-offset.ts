/** The offset of a line: Java's `{"position":n}`, and as its mark the file in which that is a position. */
import { OFFSET_MARK } from '../../../api/source';

/** Makes marks. */
export interface PositionMarker {
  /** The mark of a position; undefined for a file that has no identity to be known by. */
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
