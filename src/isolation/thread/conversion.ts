/** Conversion of offsets that Kafka Connect on Java has stored, by the connectors that come with the worker. */
import type { SourceConnector, StoredOffset } from '../../api/connector';
import type { SourcePlugin } from '../../api/plugin';
import { BUILTIN_PLUGINS } from '../../plugins/builtins';

/** See `SourceConnector.convertOffsets`. @returns all offsets, as they are to be from now on */
export async function convertOffsets(offsets: readonly StoredOffset[], afterOwn: boolean): Promise<readonly StoredOffset[]> {
  let current = offsets;
  const sources = BUILTIN_PLUGINS.filter((plugin): plugin is SourcePlugin => plugin.type === 'source');
  for (const plugin of sources) {
    const connector: SourceConnector = plugin.createConnector();
    const converted = await connector.convertOffsets?.(current, afterOwn);
    if (converted) current = current.map((stored, i) => ({ ...stored, offset: converted[i] ?? stored.offset }));
  }
  return current;
}
