/** Fences: what brokers answer to who is not the owner of a transactional id any more, and what is said of it. */
import { ConnectError, type ErrorCode } from '../../../errors';

const FENCES: readonly ErrorCode[] = ['ProducerFencedException', 'InvalidProducerEpochException'];

/** True for what the brokers answer once somebody has taken over. */
export function isFence(error: ConnectError): boolean {
  return FENCES.includes(error.code);
}

/** @param reason how it was noticed */
export function fencedBy(transactionalId: string, reason: string, cause?: unknown): ConnectError {
  return new ConnectError(
    'ProducerFencedException',
    `Another worker has taken this task over: ${reason}. Its transactional id is ${transactionalId}. Stop one of the two workers and restart ` +
      'the task; or, if one is a copy of the other and both are wanted, give the copy its own worker.uuid (or delete its .worker-uuid file).',
    cause,
  );
}
