/** Data nested so deeply that walking through it fills the stack. */
import { ConnectError } from '../errors';

/** True for what JavaScript throws when the stack is full. */
function isStackOverflow(error: unknown): boolean {
  return error instanceof RangeError && error.message.includes('call stack');
}

/** What to throw on: a full stack is a fault of the data, as long as it is met where the walk began; other errors stay. */
export function nestingError(error: unknown): unknown {
  return isStackOverflow(error) ? new ConnectError('DataException', 'The data is nested too deeply') : error;
}
