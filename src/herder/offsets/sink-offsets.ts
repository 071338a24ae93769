/** Offsets of a sink connector as a user writes them (KIP-875): checks and texts of Java's SinkUtils. */
import { javaText } from '../../data/java/java-text';
import { ConnectError } from '../../errors';
import type { GroupPartition } from '../ports';
import type { OffsetRequest } from './offset-request';

/** Largest partition number and offset that Kafka knows. */
const MAX_PARTITION = 2n ** 31n - 1n;
const MAX_OFFSET = 2n ** 63n - 1n;

/** What a user wants for a partition; a null offset removes it. */
export interface SinkOffsetRequest extends GroupPartition {
  readonly offset: bigint | null;
}

/** Entries of a PATCH as alterations; if a partition repeats, the last one counts. @throws ConnectError (BadRequestException) */
export function parseSinkOffsets(entries: readonly OffsetRequest[]): SinkOffsetRequest[] {
  const byPartition = new Map<string, SinkOffsetRequest>();
  for (const entry of entries) {
    const alteration = { ...parsePartition(entry.partition), offset: parseOffset(entry.offset) };
    byPartition.set(`${alteration.topic}-${alteration.partition}`, alteration);
  }
  return [...byPartition.values()];
}

function parsePartition(partition: OffsetRequest['partition']): { topic: string; partition: number } {
  if (partition === null) throw badRequest('The partition for a sink connector offset cannot be null or missing');
  if (!('kafka_topic' in partition) || !('kafka_partition' in partition)) {
    throw badRequest("The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'");
  }
  const { kafka_topic: topic, kafka_partition: number } = partition;
  if (topic === null || topic === '') throw badRequest('Kafka topic names must be valid strings and may not be null');
  if (number === null) throw badRequest('Kafka partitions must be valid numbers and may not be null');
  return { topic: shown(topic), partition: Number(parseInteger(number, 'partition', MAX_PARTITION)) };
}

function parseOffset(offset: OffsetRequest['offset']): bigint | null {
  if (offset === null) return null;
  if (!('kafka_offset' in offset))
    throw badRequest("The offset for a sink connector should either be null or contain the key 'kafka_offset'");
  return parseInteger(offset.kafka_offset, 'offset', MAX_OFFSET);
}

function parseInteger(value: unknown, what: 'partition' | 'offset', max: bigint): bigint {
  const text = shown(value);
  const number = /^[+-]?[0-9]+$/.test(text) ? BigInt(text.replace('+', '')) : null;
  const name = what === 'partition' ? 'Partition' : 'Offset';
  if (number === null || number > max || number < -max - 1n) {
    throw badRequest(
      `Failed to parse the following Kafka ${what} value in the provided offsets: '${text}'. ${name} values for sink connectors need to be integers.`,
    );
  }
  // Java accepts it here and then responds with 500, since Kafka refuses it.
  if (number < 0n) throw badRequest(`${name} values for sink connectors may not be negative: '${text}'`);
  return number;
}

/** A value of JSON as Java's String.valueOf shows it: `1.0`, `[1]`, `{a=1}`, none of which is an integer. */
function shown(value: unknown): string {
  return javaText(asMaps(value));
}

function asMaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asMaps);
  if (typeof value !== 'object' || value === null) return value;
  return new Map(Object.entries(value).map(([key, member]) => [key, asMaps(member)]));
}

function badRequest(message: string): ConnectError {
  return new ConnectError('BadRequestException', message);
}
