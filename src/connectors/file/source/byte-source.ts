/** Where the bytes of a file source come from, as its task sees it. */

import type { SourceOffset } from '../../../data/record/record';

/** What reading met. */
export type ReadResult =
  | { readonly kind: 'bytes'; readonly count: number }
  /** Nothing now; `final`: and never again. */
  | { readonly kind: 'end'; readonly final: boolean }
  /**
   * The stream goes on at another position. `replaced`: what was read before was all there is of the old stream. `copied`: the position is
   * the same, and so are the bytes before it, but the file is another one.
   */
  | { readonly kind: 'restart'; readonly position: number; readonly reason: 'truncated' | 'replaced' | 'copied' };

/** Nothing now, perhaps more later. */
export const END: ReadResult = { kind: 'end', final: false };

/** A stream of bytes that is read without blocking the thread. */
export interface ByteSource {
  /**
   * Reads into the buffer what is there, without waiting.
   * @param position stream position of the first byte wanted
   * @throws ConnectError when it cannot be read and waiting would not help
   */
  read(into: Buffer, position: number): ReadResult;
  /** Waits until a read may find more, a second has passed or the signal is aborted. */
  wait(signal: AbortSignal): Promise<void>;
  /** Makes the offset of a position in what was read last; null where nothing is open. */
  readonly offsetAt: ((position: number) => SourceOffset) | null;
  /** False for what can be read only once: a pipe, a socket, a terminal. */
  readonly canRewind: boolean;
  /** Takes nothing more in; what was taken already can still be read. Only where nothing can be read again. */
  halt?(): void;
  /** True if all there is has been read. */
  readonly exhausted: boolean;
  close(): void;
}
