/** What the loop of a source task learns of one of its attempts. */
import type { OffsetEntry } from '../../thread/messages';

/** Is told how the attempt gets on. */
export interface AttemptListener {
  /** Offsets behind acknowledged records, as they are reported. */
  onAcknowledged(entries: readonly OffsetEntry[]): void;
  /** A broker has acknowledged records. */
  onDelivered(): void;
  /** The counters have moved. */
  onCounted(): void;
  /** @param busy true if records went out @param drained true if there is nothing to do for now */
  onProgress(busy: boolean, drained: boolean): void;
}
