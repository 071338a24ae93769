import { ConfigDef, NO_DEFAULT, type ParsedConfig } from '../api/config-def';
import { nonNull } from '../api/config-validators';
import { type ChangedShape, constantCell, isCellSchema, type RecordShape } from '../data/batch/record-shape';
import { changeRecord } from '../data/record/change-record';
import type { ConnectRecord, Header } from '../data/record/record';
import { parseValueText } from '../data/values/value-parser';
import { type RecordChange, wholeRecordPlugin } from './kafka-plugins';

const CONFIG = new ConfigDef()
  .define({
    name: 'header',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: nonNull,
    importance: 'HIGH',
    doc: 'The name of the header.',
  })
  .define({
    name: 'value.literal',
    type: 'STRING',
    defaultValue: NO_DEFAULT,
    validator: nonNull,
    importance: 'HIGH',
    doc: 'The literal value that is to be set as the header value on all records.',
  });

/** Adds the same header to all records; its type follows from the text (org.apache.kafka.connect.transforms.InsertHeader). */
class InsertHeader implements RecordChange {
  private readonly header: Header;

  constructor(config: ParsedConfig) {
    this.header = { key: config.getString('header'), ...parseValueText(config.getString('value.literal')) };
  }

  apply<R extends ConnectRecord>(record: R): R {
    return changeRecord(record, { headers: [...record.headers, this.header] });
  }

  changeShape(shape: RecordShape): ChangedShape {
    const { key, schema, value } = this.header;
    if (schema === null || !isCellSchema(schema)) return null;
    return { ...shape, headers: [...shape.headers, { key, part: { kind: 'cell', cell: constantCell(schema, value) } }] };
  }
}

export const insertHeaderPlugin = wholeRecordPlugin('InsertHeader', CONFIG, InsertHeader);
