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

/**
 * Examines an error of a driver with native code on its first use.
 * @throws ConnectException with the remedy if it was compiled for another generation of Node
 */
export function refuseOtherNode(name: string, error: unknown): void {
  if (!(error instanceof Error) || !/NODE_MODULE_VERSION|compiled against a different Node/.test(error.message)) return;
  throw new ConnectError(
    'ConnectException',
    `The driver ${name} was compiled for another Node than this one (${process.version}). Compile it again: npm rebuild ${name}, or npm run setup`,
    error,
  );
}
