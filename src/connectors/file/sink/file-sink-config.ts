/** The settings of FileStreamSink, declared once for connector, task and reference. */
import { ConfigDef } from '../../../api/config-def';
import type { ParsedConfig } from '../../../api/parsed-config';
import { ConnectError } from '../../../errors';

/** Not in Java. */
export const EXACTLY_ONCE = 'file.exactly.once';
export const NEEDS_FILE = `${EXACTLY_ONCE} needs a file: what went to standard output cannot be taken back`;

export const FILE_SINK_CONFIG = new ConfigDef()
  .define({
    name: 'file',
    type: 'STRING',
    defaultValue: null,
    importance: 'HIGH',
    doc: 'Destination filename. If not specified, the standard output will be used',
  })
  .define({
    name: EXACTLY_ONCE,
    type: 'BOOLEAN',
    defaultValue: false,
    importance: 'LOW',
    doc:
      'Whether each record is in the file once, whatever kills the worker: the offsets are kept in a journal beside the file (its name with .journal at the end) ' +
      'and count instead of those of the consumer group. The file is written by one task.',
  });

/** The file that is to hold each record once; null if that is not asked for. @throws ConfigException without a file */
export function exactlyOnceFile(config: ParsedConfig): string | null {
  if (!config.getBoolean(EXACTLY_ONCE)) return null;
  const file = config.getStringOrNull('file');
  if (!file) throw new ConnectError('ConfigException', NEEDS_FILE);
  return file;
}
