/** Source offsets as text and back, through the schemaless JsonConverter, as Java stores them. */
import type { Converter } from '../../api/converter';
import { MAX_MARK_BYTES, OFFSET_MARK, type OffsetStorageReader } from '../../api/source';
import type { SourceOffset, SourcePartition } from '../../data/record/record';
import { ConnectError } from '../../errors';
import type { PluginTable } from '../../plugins/plugin-table';
import type { OffsetEntry } from '../../thread/messages';
import type { CommittableOffset } from './submitted-records';

/** The class that writes offsets and reads them. */
export const OFFSET_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const PRIMITIVES = new Set(['string', 'number', 'bigint', 'boolean']);

export class OffsetCodec {
  private json: Converter | undefined;

  constructor(
    private readonly plugins: PluginTable,
    private readonly connector: string,
  ) {}

  /** An entry of the offset store. @throws DataException for values that are not primitive, and for a mark that cannot be kept */
  encode({ partition, offset }: CommittableOffset): OffsetEntry {
    const [key, value] = [this.write([this.connector, toMap(partition)]), this.write(toMap(offset))];
    const mark = checkedMark((offset as { readonly [OFFSET_MARK]?: unknown })[OFFSET_MARK], key, value);
    return mark === undefined ? [key, value] : [key, value, mark];
  }

  /** A reader over the stored entries of this connector; later commits of the same task are not seen, as they are its own. */
  reader(entries: readonly OffsetEntry[]): OffsetStorageReader {
    const byPartition = new Map<string, { readonly offset: SourceOffset; readonly mark: string | null }>();
    for (const [key, value, mark = null] of entries) {
      if (value === null) continue;
      const [, partition] = this.read(key) as [string, Map<string, unknown>];
      byPartition.set(canonical(partition), { offset: Object.fromEntries(this.read(value) as Map<string, unknown>), mark });
    }
    if (byPartition.size === 0) return { offset: () => null, mark: () => null };
    // Through the text and back, so that 1 and 1n are the same number.
    const stored = (partition: SourcePartition) =>
      byPartition.get(canonical(this.read(this.write(toMap(partition))) as Map<string, unknown>));
    return { offset: partition => stored(partition)?.offset ?? null, mark: partition => stored(partition)?.mark ?? null };
  }

  /** Made with its first use. */
  private get converter(): Converter {
    if (this.json) return this.json;
    const plugin = this.plugins.find('converter', OFFSET_CONVERTER);
    if (!plugin) throw new ConnectError('IllegalStateException', 'JsonConverter is missing from the built-in plugins');
    this.json = plugin.create();
    this.json.configure({ 'schemas.enable': 'false' }, 'value');
    return this.json;
  }

  private write(value: unknown): string {
    return this.converter.fromConnectData('', null, value)?.toString('utf8') ?? 'null';
  }

  private read(text: string): unknown {
    return this.converter.toConnectData('', Buffer.from(text)).value;
  }
}

function checkedMark(mark: unknown, key: string, value: string): string | undefined {
  if (mark === undefined) return undefined;
  const what = `The mark of source offset ${value} for ${key}`;
  if (typeof mark !== 'string')
    throw new ConnectError('DataException', `${what} must be a text, and is ${mark === null ? 'null' : typeof mark}`);
  const bytes = Buffer.byteLength(mark);
  if (bytes <= MAX_MARK_BYTES) return mark;
  throw new ConnectError(
    'DataException',
    `${what} is ${bytes} bytes long, more than the ${MAX_MARK_BYTES} that are kept beside an offset: the task must shorten it, for instance to a hash`,
  );
}

function toMap(values: SourcePartition | SourceOffset): Map<string, unknown> {
  for (const [field, value] of Object.entries(values)) {
    const boxed = typeof value === 'object' && value !== null && 'value' in value;
    if (value !== null && !PRIMITIVES.has(typeof value) && !boxed) {
      throw new ConnectError(
        'DataException',
        `Offsets may only contain primitive types as values, but field ${field} contains ${typeof value}`,
      );
    }
  }
  // A whole number of JavaScript is one of Java's integers, not the 1.0 that JSON would make of it.
  return new Map(Object.entries(values).map(([field, value]) => [field, Number.isSafeInteger(value) ? BigInt(value as number) : value]));
}

function canonical(partition: Map<string, unknown>): string {
  return [...partition]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${JSON.stringify(key)}:${typeof value}:${String(value)}`)
    .join();
}
