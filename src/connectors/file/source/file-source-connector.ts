/** FileStreamSource: lines of a file, or of standard input, as records (org.apache.kafka.connect.file.FileStreamSourceConnector). */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import { topicName } from '../../../api/config-validators';
import type { ConnectorContext, OffsetAlteration, Props, SourceConnector, StoredOffset } from '../../../api/connector';
import { ConnectError, toError } from '../../../errors';
import { getLogger } from '../../../log';
import { KAFKA_VERSION } from '../../../version';
import { FILE_SOURCE_CONFIG } from './file-source-config';

const logger = getLogger('org.apache.kafka.connect.file.FileStreamSourceConnector');

export class FileStreamSourceConnector implements SourceConnector {
  private props: Props = {};

  version(): string {
    return KAFKA_VERSION;
  }

  config(): ConfigDef {
    return FILE_SOURCE_CONFIG;
  }

  start(props: Props, context: ConnectorContext): void {
    const file = FILE_SOURCE_CONFIG.parse(props).getStringOrNull('file');
    logger.withContext(context.logger.context).info(`Starting file source connector reading from ${file ? file : 'standard input'}`);
    this.props = props;
  }

  /** A topic that cannot be, where no transformation sends the lines elsewhere: Java takes it, and its task fails. */
  validate(props: Props, values: ConfigValue[]): ConfigValue[] {
    if (props.transforms?.trim()) return values;
    const topic = values.find(({ name }) => name === 'topic');
    try {
      topicName('topic', topic?.value);
    } catch (error) {
      topic?.errors.push(toError(error).message);
    }
    return values;
  }

  /** One task always: a file has one reader. */
  taskConfigs(): Props[] {
    return [this.props];
  }

  stop(): void {}

  /** Standard input cannot be read again. */
  exactlyOnceSupport(props: Props): 'SUPPORTED' | 'UNSUPPORTED' {
    return FILE_SOURCE_CONFIG.parse(props).getStringOrNull('file') ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(props: Props, alterations: readonly OffsetAlteration[]): boolean {
    if (!FILE_SOURCE_CONFIG.parse(props).getStringOrNull('file')) {
      throw new ConnectError(
        'ConnectException',
        "Offsets cannot be modified if the 'file' configuration is unspecified. This is because stdin is used for input and offsets are not tracked.",
      );
    }
    for (const { partition, offset } of alterations) checkAlteration(partition, offset);
    return true;
  }

  /** Java counts characters, this connector bytes. */
  convertOffsets(offsets: readonly StoredOffset[], afterOwn: boolean): Promise<readonly (StoredOffset['offset'] | null)[]> {
    // Needed once in the life of an offset file, if ever.
    const { convertJavaPositions } = require('../positions/position-units') as typeof import('../positions/position-units');
    return convertJavaPositions(offsets, afterOwn);
  }
}

function checkAlteration(partition: OffsetAlteration['partition'], offset: OffsetAlteration['offset']): void {
  // A null offset removes, whatever the partition looks like.
  if (offset === null) return;
  if (!('position' in offset))
    throw new ConnectError('ConnectException', "Offset objects should either be null or contain the key 'position'");
  const position = offset.position;
  if (typeof position !== 'bigint') {
    throw new ConnectError('ConnectException', "The value for the 'position' key in the offset is expected to be a Long value");
  }
  if (position < 0n)
    throw new ConnectError('ConnectException', "The value for the 'position' key in the offset should be a non-negative value");
  if (partition === null) throw new ConnectError('ConnectException', 'Partition objects cannot be null');
  if (!('filename' in partition)) throw new ConnectError('ConnectException', "Partition objects should contain the key 'filename'");
}
