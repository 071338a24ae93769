import { ConfigDef, type ParsedConfig } from '../api/config-def';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord } from '../data/record/record';
import { recordText } from '../data/record/record-text';
import { ConnectError } from '../errors';
import { SimpleDateFormat } from '../java/date/simple-date-format';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';

const CONFIG = new ConfigDef()
  .define({
    name: 'topic.format',
    type: 'STRING',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a placeholder of the setting
    defaultValue: '${topic}-${timestamp}',
    importance: 'HIGH',
    doc:
      'Format string which can contain <code>$' +
      '{topic}</code> and <code>$' +
      '{timestamp}</code> as placeholders for the topic and timestamp, respectively.',
  })
  .define({
    name: 'timestamp.format',
    type: 'STRING',
    defaultValue: 'yyyyMMdd',
    importance: 'HIGH',
    doc: 'Format string for the timestamp that is compatible with <code>java.text.SimpleDateFormat</code>.',
  });

/** Names topics by the time of their records (org.apache.kafka.connect.transforms.TimestampRouter). */
class TimestampRouter implements RecordChange {
  private readonly topicFormat: string;
  private readonly timestampFormat: string;
  /** Created with the first record, so that an invalid format fails there, as in Java. */
  private format: SimpleDateFormat | null = null;

  constructor(config: ParsedConfig) {
    this.topicFormat = config.getString('topic.format');
    this.timestampFormat = config.getString('timestamp.format');
  }

  apply<R extends ConnectRecord>(record: R): R {
    if (record.timestamp === null) throw new ConnectError('DataException', `Timestamp missing on record: ${recordText(record)}`);
    this.format ??= new SimpleDateFormat(this.timestampFormat);
    const timestamp = this.format.format(BigInt(record.timestamp));
    // One after the other, as in Java: a placeholder in the topic's own name is replaced too.
    const withTopic = this.topicFormat.replace(/\$\{topic\}/g, () => record.topic);
    return changeRecord(record, { topic: withTopic.replace(/\$\{timestamp\}/g, () => timestamp) });
  }
}

export const timestampRouterPlugin = wholeRecordPlugin('TimestampRouter', CONFIG, TimestampRouter);
