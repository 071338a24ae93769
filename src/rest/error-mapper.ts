/** From errors to HTTP: which status, and the body `{"error_code","message"}`. */
import { STATUS_CODES } from 'node:http';
import { ConnectError, type ErrorCode, toError } from '../errors';
import { getLogger } from '../log';
import { hideSecrets } from '../secrets';

const log = getLogger('org.apache.kafka.connect.runtime.rest.errors.ConnectExceptionMapper');

const STATUS_OF: Partial<Record<ErrorCode, number>> = { NotFoundException: 404, AlreadyExistsException: 409, BadRequestException: 400 };

/** An error with a status of its own. */
export class HttpError extends Error {
  readonly status: number;

  /** @param message Java's `HTTP 404 Not Found` and the like if absent */
  constructor(status: number, message = statusMessage(status)) {
    super(message);
    this.status = status;
  }
}

/** Java's message where there is nothing more to say. */
export function statusMessage(status: number): string {
  return `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
}

/** The body of every error. */
export function errorBody(status: number, message: string): string {
  return JSON.stringify({ error_code: status, message });
}

/** What is sent for an error. */
export interface ErrorReply {
  readonly status: number;
  readonly text: string;
}

/** Maps whatever a request threw; what nobody foresaw is logged with its trace. */
export function toErrorReply(thrown: unknown, path: string): ErrorReply {
  const error = toError(thrown);
  const status = statusOf(error);
  if (status >= 500) log.error(`Uncaught exception in REST call to ${path}`, error);
  else log.debug(() => `Uncaught exception in REST call to ${path}: ${error.message}`);
  return { status, text: errorBody(status, isFrameworkError(error) ? statusMessage(status) : hideSecrets(error.message)) };
}

function statusOf(error: Error): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof ConnectError) return STATUS_OF[error.code] ?? 500;
  return isFrameworkError(error) ? error.statusCode : 500;
}

/** Fastify's own errors: a wrong content type, a body too large, an address with wrong escapes. */
function isFrameworkError(error: Error): error is Error & { statusCode: number } {
  return 'code' in error && String(error.code).startsWith('FST_') && 'statusCode' in error && typeof error.statusCode === 'number';
}
