/** FileStreamSink: the text of each value as a line of a file, or of standard output (org.apache.kafka.connect.file.FileStreamSinkConnector). */
import type { ConfigDef } from '../../api/config-def';
import type { Props, SinkConnector } from '../../api/connector';
import type { SinkPlugin } from '../../api/plugin';
import { getLogger } from '../../log';
import { FILE_SINK_CONFIG } from './file-sink-config';
import { FileStreamSinkTask } from './file-sink-task';

const VERSION = '4.3.0';
const logger = getLogger('org.apache.kafka.connect.file.FileStreamSinkConnector');

class FileStreamSinkConnector implements SinkConnector {
  private props: Props = {};

  version(): string {
    return VERSION;
  }

  config(): ConfigDef {
    return FILE_SINK_CONFIG;
  }

  start(props: Props): void {
    const file = FILE_SINK_CONFIG.parse(props).getStringOrNull('file');
    logger.info(`Starting file sink connector writing to ${file ? file : 'standard output'}`);
    this.props = props;
  }

  taskConfigs(maxTasks: number): Props[] {
    return Array.from({ length: maxTasks }, () => this.props);
  }

  stop(): void {}

  /** Nothing outside of Kafka knows an offset, so any will do. */
  alterOffsets(): boolean {
    return true;
  }
}

export const fileStreamSinkPlugin: SinkPlugin = {
  type: 'sink',
  className: 'org.apache.kafka.connect.file.FileStreamSinkConnector',
  taskClassName: 'org.apache.kafka.connect.file.FileStreamSinkTask',
  version: VERSION,
  neverBlocks: true,
  createConnector: () => new FileStreamSinkConnector(),
  createTask: () => new FileStreamSinkTask(),
};
