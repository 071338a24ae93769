/** What a source task may ask of its worker, without a worker: it notes what is asked, and holds what the worker promises. */
import {
  type BoxedNumber,
  Float32,
  getLogger,
  OFFSET_MARK,
  type OffsetStorageReader,
  type Props,
  type SourceOffset,
  type SourcePartition,
  type SourcePlace,
  type SourceTaskContext,
} from '../../api';
import { FakePluginMetrics } from '../plugin-metrics';

export interface SourceContextOptions {
  /** What was stored before the task is started; of one partition the last place counts. */
  readonly stored?: readonly SourcePlace[];
  /** Whether `skipOrThrow` counts, as with `errors.tolerance=all`, or throws. */
  readonly tolerant?: boolean;
  /** As with `--drain`. */
  readonly draining?: boolean;
  readonly maxRequestSizeBytes?: number;
}

/** The limit of a producer whose settings say nothing of it. */
const DEFAULT_MAX_REQUEST_BYTES = 1 << 20;

export class FakeSourceContext implements SourceTaskContext {
  readonly taskId = 'testing-0';
  readonly logger = getLogger('testing', '[testing|task-0] ');
  readonly metrics = new FakePluginMetrics();
  readonly transactionContext = null;
  readonly maxRequestSizeBytes: number;
  readonly draining: boolean;
  readonly offsetStorageReader: OffsetStorageReader;
  /** What the task had to leave out. */
  readonly skipped: Error[] = [];
  /** Bytes that were gone before they could be read; null for an unknown number. */
  readonly unread: (number | null)[] = [];
  private controller = new AbortController();

  constructor(
    readonly props: Props,
    private readonly options: SourceContextOptions = {},
  ) {
    this.maxRequestSizeBytes = options.maxRequestSizeBytes ?? DEFAULT_MAX_REQUEST_BYTES;
    this.draining = options.draining ?? false;
    this.offsetStorageReader = readerOf(options.stored ?? []);
  }

  readonly signal = (): AbortSignal => this.controller.signal;

  readonly skipOrThrow = (error: Error): void => {
    if (!this.options.tolerant) throw error;
    this.skipped.push(error);
  };

  readonly countUnread = (bytes: number | null): void => {
    this.unread.push(bytes);
  };

  /** What the worker does before each `poll`: there is a fresh signal. */
  beginPoll(): void {
    this.controller = new AbortController();
  }

  /** What the worker does when it wants `poll` to come back. */
  abort(): void {
    this.controller.abort();
  }
}

function readerOf(places: readonly SourcePlace[]): OffsetStorageReader {
  const byPartition = new Map(places.map(place => [keyOfSource(place.partition), place.offset]));
  return {
    offset: partition => {
      const offset = byPartition.get(keyOfSource(partition));
      return offset === undefined ? null : Object.fromEntries(Object.entries(offset).map(([name, value]) => [name, storedForm(value)]));
    },
    mark: partition => {
      const mark = (byPartition.get(keyOfSource(partition)) as { readonly [OFFSET_MARK]?: unknown } | undefined)?.[OFFSET_MARK];
      return typeof mark === 'string' ? mark : null;
    },
  };
}

/** A source partition as the key of a map, its members in any order. */
export function keyOfSource(partition: SourcePartition): string {
  const members = Object.entries(partition).map(([name, value]) => [name, typeof storedForm(value), String(storedForm(value))]);
  return JSON.stringify(members.sort(([a = ''], [b = '']) => (a < b ? -1 : 1)));
}

/** How a value comes back from where offsets are stored: as JSON has it, whole numbers as Java's Long. */
function storedForm(value: unknown): unknown {
  const plain = isBoxed(value) ? value.value : value;
  return Number.isSafeInteger(plain) && !(value instanceof Float32) ? BigInt(plain as number) : plain;
}

const isBoxed = (value: unknown): value is BoxedNumber => typeof value === 'object' && value !== null && 'value' in value;

const PRIMITIVES = ['string', 'number', 'bigint', 'boolean'];

/** What cannot be stored of a source partition or offset: the names of members whose values are not primitive. */
export function unstorableMembers(values: SourcePartition | SourceOffset): string[] {
  const isStorable = (value: unknown): boolean => value === null || PRIMITIVES.includes(typeof value) || isBoxed(value);
  return Object.entries(values).flatMap(([name, value]) => (isStorable(value) ? [] : [name]));
}
