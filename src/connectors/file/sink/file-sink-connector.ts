/**
 * FileStreamSink: the text of each value as a line of a file, or of standard output
 * (org.apache.kafka.connect.file.FileStreamSinkConnector).
 */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import type { ConnectorContext, Props, SinkConnector, SinkOffsetAlteration } from '../../../api/connector';
import { getLogger } from '../../../log';
import { KAFKA_VERSION } from '../../../version';
import { EXACTLY_ONCE, exactlyOnceFile, FILE_SINK_CONFIG, NEEDS_FILE } from './file-sink-config';

// Loaded for connectors with exactly-once only.
const onceModule = (): typeof import('./exactly-once-writer') => require('./exactly-once-writer');

const logger = getLogger('org.apache.kafka.connect.file.FileStreamSinkConnector');

export class FileStreamSinkConnector implements SinkConnector {
  private props: Props = {};
  private exactlyOnce = false;

  version(): string {
    return KAFKA_VERSION;
  }

  config(): ConfigDef {
    return FILE_SINK_CONFIG;
  }

  validate(_: Props, values: ConfigValue[]): ConfigValue[] {
    const find = (name: string): ConfigValue | undefined => values.find(value => value.name === name);
    const once = find(EXACTLY_ONCE);
    if (once?.value === true && !find('file')?.value) once.errors.push(NEEDS_FILE);
    return values;
  }

  start(props: Props, context: ConnectorContext): void {
    const config = FILE_SINK_CONFIG.parse(props);
    const file = config.getStringOrNull('file');
    this.exactlyOnce = exactlyOnceFile(config) !== null;
    logger.withContext(context.logger.context).info(`Starting file sink connector writing to ${file ? file : 'standard output'}`);
    this.props = props;
  }

  taskConfigs(maxTasks: number): Props[] {
    return Array.from({ length: this.exactlyOnce ? 1 : maxTasks }, () => this.props);
  }

  stop(): void {}

  /** Any offset will do; only a journal knows some outside of Kafka. */
  alterOffsets(props: Props, alterations: readonly SinkOffsetAlteration[]): boolean {
    const file = exactlyOnceFile(FILE_SINK_CONFIG.parse(props));
    if (file !== null) onceModule().alterJournal(file, props.name ?? '', alterations);
    return true;
  }
}
