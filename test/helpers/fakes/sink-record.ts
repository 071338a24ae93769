/** Records of a JDBC sink, without a broker. */
import { JsonConverter } from '../../../src/converters/json/json-converter';
import type { SinkRecord } from '../../../src/data/record/record';

/** A record as the converter of the worker would make it. @param key an envelope with schema, or null */
export function sinkRecord(topic: string, offset: number, key: unknown, value: unknown): SinkRecord {
  const [keyData, valueData] = [read(topic, key, true), read(topic, value, false)];
  return {
    topic,
    kafkaPartition: 0,
    kafkaOffset: offset,
    keySchema: keyData.schema,
    key: keyData.value,
    valueSchema: valueData.schema,
    value: valueData.value,
    timestamp: 0,
    timestampType: 'CreateTime',
    headers: [],
    originalTopic: topic,
    originalKafkaPartition: 0,
    originalKafkaOffset: offset,
  };
}

const [keyConverter, valueConverter] = [new JsonConverter(), new JsonConverter()];
keyConverter.configure({ 'schemas.enable': 'true' }, 'key');
valueConverter.configure({ 'schemas.enable': 'true' }, 'value');

function read(topic: string, envelope: unknown, isKey: boolean): ReturnType<JsonConverter['toConnectData']> {
  const bytes = envelope === null ? null : Buffer.from(JSON.stringify(envelope));
  return (isKey ? keyConverter : valueConverter).toConnectData(topic, bytes);
}
