/**
 * Dead letters of a source task, by choice (`source.deadletters.` settings): a source record has no bytes yet, so each becomes a JSON
 * document with all there is of it and of its error.
 */
import type { TaskSettings } from '../../config/tasks/task-settings';
import { javaText } from '../../data/java/java-text';
import type { SourceRecord } from '../../data/record/record';
import type { Schema } from '../../data/schema/schema';
import { javaClassName, javaStackTrace, toError } from '../../errors';
import type { FailureReporter, Report } from '../../pipeline/error-handler';
import type { FailedRecord, RecordFailure } from '../../pipeline/failed-record';
import { formatTaskId } from '../../thread/messages';
import type { TaskHost } from '../shared/task-host';
import { DeadLetterFile } from './dead-letter-file';
import { openDeadLetterTopic } from './dead-letter-queue';
import type { DeadLetters } from './dead-letters';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';

/** Key or value as JsonConverter writes it, schema included. */
type ToJson = (topic: string, schema: Schema | null, value: unknown) => unknown;

/** The dead letters that a source's settings ask for. @throws ConnectException if there can be none */
export async function createSourceDeadLetters(
  host: TaskHost,
  settings: NonNullable<TaskSettings['sourceDeadLetters']>,
  signal: AbortSignal,
): Promise<{ letters: DeadLetters; reporter: FailureReporter }> {
  const letters = settings.topic
    ? await openDeadLetterTopic(host, settings.topic, settings.replicationFactor, signal)
    : new DeadLetterFile(settings.file);
  const toJson = jsonOf(host);
  const report = (failure: RecordFailure, interruption: AbortSignal): Promise<Report | null> => {
    const value = Buffer.from(JSON.stringify(documentOf(failure, formatTaskId(host.spec.id), toJson)), 'utf8');
    return letters.send({ key: null, value, headers: [], timestamp: -1 }, interruption);
  };
  return { letters, reporter: { report } };
}

/** What cannot be converted, which may be why the record has failed, is shown as text. */
function jsonOf({ plugins }: TaskHost): ToJson {
  const converter = plugins.find('converter', JSON_CONVERTER)?.create();
  converter?.configure({ 'schemas.enable': 'true' }, 'value');
  return (topic, schema, value) => {
    try {
      const bytes = converter?.fromConnectData(topic, schema, value) ?? null;
      return bytes && (JSON.parse(bytes.toString('utf8')) as unknown);
    } catch {
      return javaText(value);
    }
  };
}

function documentOf({ stage, className, error, original }: RecordFailure, task: string, toJson: ToJson): object {
  const thrown = toError(error);
  return {
    task,
    stage,
    class: className,
    exception: { class: javaClassName(thrown), message: thrown.message, stacktrace: javaStackTrace(thrown) },
    ...recordOf(original(), toJson),
  };
}

function recordOf(failed: FailedRecord, toJson: ToJson): object {
  if (failed.type === 'source') return { record: sourceRecordOf(failed.record, toJson) };
  return failed.type === 'text' ? { record: null } : {};
}

function sourceRecordOf(record: SourceRecord, toJson: ToJson): object {
  const { topic, kafkaPartition, timestamp, sourcePartition, sourceOffset } = record;
  return {
    sourcePartition: plain(sourcePartition),
    sourceOffset: plain(sourceOffset),
    topic,
    kafkaPartition,
    timestamp,
    key: toJson(topic, record.keySchema, record.key),
    value: toJson(topic, record.valueSchema, record.value),
    headers: record.headers.map(({ key, schema, value }) => ({ key, value: toJson(topic, schema, value) })),
  };
}

/** Numbers beyond 2^53 become texts, since JSON readers would round them. */
function plain(object: Readonly<Record<string, unknown>> | null): unknown {
  const small = (value: bigint): boolean => value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  const text = JSON.stringify(object, (_, value: unknown) =>
    typeof value === 'bigint' ? (small(value) ? Number(value) : String(value)) : value,
  );
  return JSON.parse(text);
}
