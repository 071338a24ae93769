/** Opens a connection, with retries by `connection.attempts` and `connection.backoff.ms`. */
import { setTimeout as sleep } from 'node:timers/promises';
import { asSentence, ConnectError, toError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from './connection';
import { DatabaseError } from './database-error';
import type { ConnectOptions, Dialect } from './dialect';

/** How often to try. */
export interface RetryOptions {
  readonly attempts: number;
  readonly backoffMs: number;
  /** Ends the waiting. */
  readonly signal: AbortSignal;
  readonly logger: Logger;
}

/**
 * A connection to the database. As in Java, a wrong password is retried like a server that is away, since it may be changed meanwhile.
 * @throws ConnectException after the last attempt, with the last error as its cause; AbortError when the signal is set
 */
export async function openConnection(dialect: Dialect, options: ConnectOptions, retry: RetryOptions): Promise<Connection> {
  for (let attempt = 1; ; attempt++) {
    retry.signal.throwIfAborted();
    try {
      return await dialect.connect(options);
    } catch (error) {
      // Another error, such as a missing driver, makes retries useless.
      if (!(error instanceof DatabaseError)) throw error;
      if (attempt >= retry.attempts) {
        throw new ConnectError('ConnectException', `Cannot connect to ${dialect.product} at ${options.address.display}`, toError(error));
      }
      retry.logger.info(
        `Cannot connect to ${dialect.product} (attempt ${attempt} of ${retry.attempts}): ${asSentence(error.message)} Next try in ${retry.backoffMs} ms.`,
      );
      await sleep(retry.backoffMs, undefined, { signal: retry.signal });
    }
  }
}
