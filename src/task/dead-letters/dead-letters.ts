/** What the loops of tasks need to know of dead letters, wherever these go: offsets wait for them. */
import type { ConnectError } from '../../errors';
import type { Report } from '../../pipeline/error-handler';
import type { DeadLetter } from './dead-letter';

export interface DeadLetters {
  /** Letters that were handed in and are not safe yet. */
  readonly pending: number;
  /** Set when a letter could not be written: no offset may be committed any more, the task is to fail. */
  readonly failure: ConnectError | null;
  /**
   * Hands a letter in; waits while there is no room.
   * @returns null if the wait was interrupted
   * @throws ConnectException once a letter could not be written
   */
  send(letter: DeadLetter, signal: AbortSignal): Promise<Report | null>;
  /** Takes answers that have come; never waits. */
  poll(): void;
  /**
   * Waits until all letters are safe.
   * @param leftMs how long it may still take
   * @returns false when the time was up first, or one has failed
   */
  settle(leftMs: () => number): Promise<boolean>;
  /** Gives up what is not safe; what is open is closed. */
  release(): void;
}
