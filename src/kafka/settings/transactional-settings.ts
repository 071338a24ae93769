/** Turns settings of a producer into those of one that writes in transactions. */
import { ConnectError } from '../../errors';
import type { LibrdkafkaSettings } from '../native/client';

const DEFAULT_TIMEOUT_MS = 60_000;
const MIN_TIMEOUT_MS = 1000;
const MAX_TIMEOUT_MS = 2_147_483_647;
/** How much longer than a transaction librdkafka allows a request to take. */
const REQUEST_MARGIN_MS = 100;

/** `transaction.timeout.ms` of a producer's settings in Java's names. @throws ConfigException */
export function transactionTimeoutMs(props: Readonly<Record<string, string>>): number {
  const text = props['transaction.timeout.ms']?.trim();
  if (text === undefined || text === '') return DEFAULT_TIMEOUT_MS;
  const value = Number(text);
  if (Number.isInteger(value) && value >= MIN_TIMEOUT_MS && value <= MAX_TIMEOUT_MS) return value;
  const rule = `must be a whole number of ${MIN_TIMEOUT_MS} to ${MAX_TIMEOUT_MS}`;
  throw new ConnectError('ConfigException', `Invalid value ${text} for configuration transaction.timeout.ms: ${rule}`);
}

/** The same settings with transactions: idempotent, acks=all, and no time limit beyond that of the transaction. */
export function transactionalSettings(settings: LibrdkafkaSettings, transactionalId: string, timeoutMs: number): LibrdkafkaSettings {
  // Without a limit of its own, a record may take as long as its transaction.
  const { 'message.timeout.ms': messageTimeout = '0', ...rest } = settings;
  const limit = Number(messageTimeout);
  const socketTimeout = Number(settings['socket.timeout.ms'] ?? DEFAULT_TIMEOUT_MS);
  return {
    ...rest,
    ...(limit > 0 && limit < timeoutMs && { 'message.timeout.ms': messageTimeout }),
    'socket.timeout.ms': String(Math.min(socketTimeout, timeoutMs + REQUEST_MARGIN_MS)),
    'transactional.id': transactionalId,
    'transaction.timeout.ms': String(timeoutMs),
    'enable.idempotence': 'true',
    'request.required.acks': 'all',
    'max.in.flight.requests.per.connection': String(Math.min(5, Number(settings['max.in.flight.requests.per.connection'] ?? 5))),
  };
}
