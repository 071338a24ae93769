import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { validRegex } from '../api/config-validators';
import type { ChangedShape, RecordShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord } from '../data/record/record';
import { JavaPattern } from '../java/regex/regex';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';

const CONFIG = new ConfigDef()
  .define({
    name: 'regex',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: validRegex,
    importance: 'HIGH',
    doc: 'Regular expression to use for matching.',
  })
  .define({ name: 'replacement', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'Replacement string.' });

/** Renames topics whose whole name matches a pattern (org.apache.kafka.connect.transforms.RegexRouter). */
class RegexRouter implements RecordChange {
  private readonly pattern: JavaPattern;
  private readonly replacement: string;
  /** The last topic and its new name, since successive records often have the same one. */
  private last: { readonly topic: string; readonly renamed: string } | null = null;

  constructor(config: ParsedConfig) {
    this.pattern = new JavaPattern(config.getString('regex'));
    this.replacement = config.getString('replacement');
  }

  apply<R extends ConnectRecord>(record: R): R {
    const { topic } = record;
    if (this.last?.topic !== topic) this.last = { topic, renamed: this.rename(topic) };
    return this.last.renamed === topic ? record : changeRecord(record, { topic: this.last.renamed });
  }

  changeShape(shape: RecordShape): ChangedShape {
    return { ...shape, topic: this.rename(shape.topic) };
  }

  private rename(topic: string): string {
    return this.pattern.matches(topic) ? this.pattern.replaceFirst(topic, this.replacement) : topic;
  }
}

export const regexRouterPlugin = wholeRecordPlugin('RegexRouter', CONFIG, RegexRouter);
