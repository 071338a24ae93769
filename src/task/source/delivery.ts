/** What is promised of the records of a run: at least once, or exactly once. A run asks its delivery around each batch it sends. */
import type { SourceBatch } from '../../api/source';
import type { TransactionContext } from '../../api/transaction-context';
import type { ConnectError } from '../../errors';
import type { DeliveryListener } from '../../kafka/clients/record-outlet';
import type { OffsetEntry } from '../../thread/messages';

/** What a task is told when it starts. */
export interface Beginning {
  /** Where it is to begin. */
  readonly offsets: readonly OffsetEntry[];
  /** Null where the task has no say in where transactions end. */
  readonly transactionContext: TransactionContext | null;
}

/** Records that go out together, and what ends behind them. */
export interface BatchPart {
  readonly part: SourceBatch;
  readonly ending: Ending;
  /** True for the last part of a batch. */
  readonly endsBatch: boolean;
}

/** What ends behind a record or a batch. */
export type Ending = 'commit' | 'abort' | null;

/**
 * It hears what becomes of the records, and writes it into the run. An error of its own breaks the run, which it notes there; what
 * is thrown fails the task.
 */
export interface Delivery extends DeliveryListener {
  /** True while something is open that the source must end before it counts as drained. */
  readonly isOpen: boolean;
  /** Takes the task over. @returns null if the task is to stop, or the run is broken */
  open(): Promise<Beginning | null>;
  /** Takes a batch apart where something is to end within it. */
  partsOf(batch: SourceBatch): readonly BatchPart[];
  /** Something is about to be sent. @returns false if it must not be */
  before(): Promise<boolean>;
  /** A part was handed over. */
  after(part: BatchPart): Promise<void>;
  /** Nothing is sent until this is settled; null: until the task is resumed. */
  idle(until: Promise<unknown> | null): Promise<void>;
  /** The task has come to places without records, which are to be kept. */
  keepPlaces(): Promise<void>;
  /** Offsets that are to be kept in the offset file, each once. */
  takeOffsets(): OffsetEntry[];
  /** The offsets taken last are kept, or could not be. @param tookMs since they were taken */
  onSaved(error: Error | null, tookMs: number): Promise<void>;
  /** What has broken the run, in words for the user. */
  explain(broken: ConnectError): Promise<ConnectError>;
  /** Ends what is open at the end of the run. Never throws. @param leftMs how long that may still take */
  stop(leftMs: () => number): Promise<void>;
}
