/** Trouble with a file that may pass by itself: which errors those are, and how they are logged without flooding the log. */
import type { Logger } from '../../../log';

const SAY_AGAIN_MS = 60_000;

/** Errors that end without anybody touching the configuration: too many open files, a file server that is away, a failing disk. */
const PASSING = new Set([
  'EMFILE',
  'ENFILE',
  'ENOMEM',
  'EIO',
  'ESTALE',
  'ETIMEDOUT',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENOTCONN',
  'EINTR',
  'EBUSY',
]);

/** The code of a system error, or the empty text. */
export function errorCode(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}

/** True for an error that is worth waiting for. */
export function isPassing(error: unknown): boolean {
  return PASSING.has(errorCode(error));
}

/** Says what is wrong when it begins, once a minute while it lasts, and when it is over. */
export class Trouble {
  private said = '';
  private saidAtMs = 0;

  constructor(private readonly logger: Logger) {}

  /** Something is wrong; the same text is repeated once a minute only. */
  say(message: string): void {
    const now = Date.now();
    if (message === this.said && now - this.saidAtMs < SAY_AGAIN_MS) return;
    this.said = message;
    this.saidAtMs = now;
    this.logger.warn(message);
  }

  /** All is well. */
  over(message: string): void {
    if (this.said === '') return;
    this.said = '';
    this.logger.info(message);
  }
}
