/**
 * All that a plugin needs, from one place: `import { ... } from 'connect-standalone/api'`. Inside a worker that name always leads to
 * the worker's own copy, so `instanceof` holds between a plugin and the worker. What is not named here is not for plugins.
 */

export { recordsOf } from '../data/batch/batch-records';
export { ByteColumn, NULL_TEXT } from '../data/batch/byte-column';
export {
  type Column,
  type HeaderColumn,
  NO_COLUMN,
  NO_TIMESTAMP,
  type OffsetAt,
  PARTITION_UNASSIGNED,
  type RecordBatch,
  type ValueColumn,
  valueBatch,
} from '../data/batch/record-batch';
export { type PlainValue, RowColumn } from '../data/batch/row-column';
export { Runs } from '../data/batch/runs';
export { BigDecimal, BigInteger } from '../data/java/big-numbers';
export { type BoxedNumber, Float32, Int8, Int16, Int32 } from '../data/java/boxed';
export { ByteBuffer } from '../data/java/byte-buffer';
export { javaClassOf } from '../data/java/java-class';
export { javaText } from '../data/java/java-text';
export { changeRecord } from '../data/record/change-record';
export {
  headersWithKey,
  lastHeader,
  latestHeaders,
  makeHeader,
  transformHeaders,
  withHeader,
  withoutHeader,
} from '../data/record/headers';
export type {
  ConnectRecord,
  Header,
  SchemaAndValue,
  SinkRecord,
  SourceOffset,
  SourcePartition,
  SourceRecord,
  TimestampType,
} from '../data/record/record';
export {
  BOOLEAN_SCHEMA,
  BYTES_SCHEMA,
  FLOAT32_SCHEMA,
  FLOAT64_SCHEMA,
  INT8_SCHEMA,
  INT16_SCHEMA,
  INT32_SCHEMA,
  INT64_SCHEMA,
  OPTIONAL_BOOLEAN_SCHEMA,
  OPTIONAL_BYTES_SCHEMA,
  OPTIONAL_FLOAT32_SCHEMA,
  OPTIONAL_FLOAT64_SCHEMA,
  OPTIONAL_INT8_SCHEMA,
  OPTIONAL_INT16_SCHEMA,
  OPTIONAL_INT32_SCHEMA,
  OPTIONAL_INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  STRING_SCHEMA,
} from '../data/schema/connect-schema';
export { dataEqual, mapGet, schemasEqual } from '../data/schema/equality';
export {
  DATE_SCHEMA,
  dateBuilder,
  dateFromDays,
  dateToDays,
  decimalBuilder,
  decimalFromBytes,
  decimalToBytes,
  TIME_SCHEMA,
  TIMESTAMP_SCHEMA,
  timeBuilder,
  timeFromMillis,
  timestampBuilder,
  timestampFromMillis,
  timestampToMillis,
  timeToMillis,
} from '../data/schema/logical';
export { DATE_NAME, DECIMAL_NAME, TIME_NAME, TIMESTAMP_NAME } from '../data/schema/logical-names';
export type { Field, Schema, SchemaType } from '../data/schema/schema';
export { SchemaBuilder } from '../data/schema/schema-builder';
export { project } from '../data/schema/schema-projector';
export { Struct } from '../data/schema/struct';
export { validateValue } from '../data/schema/validate-value';
export {
  convertToBoolean,
  convertToList,
  convertToMap,
  convertToString,
  convertToStruct,
} from '../data/values/value-conversion';
export { inferSchema } from '../data/values/value-inference';
export {
  convertToByte,
  convertToDecimal,
  convertToDouble,
  convertToFloat,
  convertToInteger,
  convertToLong,
  convertToShort,
} from '../data/values/value-numbers';
export { parseValueText } from '../data/values/value-parser';
export { convertToDate, convertToTime, convertToTimestamp } from '../data/values/value-temporals';
export { valueText } from '../data/values/value-text';
export { ConnectError, type ErrorCode, isRetriable } from '../errors';
export { getLogger, type Logger, type LogLevel } from '../log';
export {
  ConfigDef,
  type ConfigKey,
  type ConfigType,
  type ConfigValue,
  type Importance,
  NO_DEFAULT,
  ParsedConfig,
  type ParsedValues,
  Password,
  type RawProps,
  type Width,
} from './config-def';
export type { ConfigData, ConfigProvider } from './config-provider';
export { invalidValue } from './config-types';
export {
  anyNonDuplicateValues,
  atLeast,
  between,
  caseInsensitiveValidString,
  compositeValidator,
  nonEmptyString,
  nonEmptyStringWithoutControlChars,
  nonNull,
  type Validator,
  validList,
  validString,
} from './config-validators';
export type {
  Connector,
  ConnectorContext,
  OffsetAlteration,
  Props,
  SinkConnector,
  SinkOffsetAlteration,
  SourceConnector,
} from './connector';
export type { Converter, ConverterType, HeaderConverter } from './converter';
export { NotReady } from './not-ready';
export type {
  ConnectorPlugin,
  ConverterPlugin,
  HeaderConverterPlugin,
  Plugin,
  PluginType,
  PredicatePlugin,
  SinkPlugin,
  SourcePlugin,
  TransformationPlugin,
} from './plugin';
export type { MetricName, MetricStat, PluginMetrics, Sensor } from './plugin-metrics';
export type {
  ConsumedTexts,
  ErrantRecordReporter,
  PartitionOffset,
  SinkTask,
  SinkTaskContext,
  TopicPartition,
} from './sink';
export type {
  OffsetStorageReader,
  RecordMetadata,
  SourceBatch,
  SourcePlace,
  SourceTask,
  SourceTaskContext,
} from './source';
export { MAX_MARK_BYTES, OFFSET_MARK } from './source';
export type { TransactionContext } from './transaction-context';
export type { Predicate, Transformation } from './transformation';
