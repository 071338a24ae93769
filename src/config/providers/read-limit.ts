/** How much one set of settings may have read. */
import { ConnectError } from '../../errors';

/** The most bytes that providers read for one set of settings, so that a connector's settings cannot fill the memory. */
export const MAX_BYTES_READ = 4 * 1024 * 1024;

/** The error for settings that ask for too much. */
export const tooMuchAsked = (what: string): ConnectError =>
  new ConnectError('ConfigException', `The variables of these settings ask for ${what}, which is not allowed: use fewer or smaller ones`);
