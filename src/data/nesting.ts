/** Errors for data nested so deeply that walking through it overflows the stack. */
import { ConnectError } from '../errors';

/** True for JavaScript's stack overflow. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** The error to throw: a stack overflow, caught where the walk began, is an error of the data; other errors are unchanged. */
export function nestingError(error: unknown): unknown {
  return isStackOverflow(error) ? new ConnectError('DataException', 'The data is nested too deeply') : error;
}
