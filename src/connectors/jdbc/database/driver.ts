/** Loads drivers: only when a URL asks for one, since each costs memory and time at start. */
import { ConnectError } from '../../../errors';

/**
 * What `load` requires.
 * @param name the npm package
 * @throws ConnectException that says what to install
 */
export function loadDriver<T>(name: string, load: () => unknown): T {
  try {
    return load() as T;
  } catch (error) {
    throw new ConnectError('ConnectException', `The driver for this database cannot be loaded. Install it: npm install ${name}`, error);
  }
}
