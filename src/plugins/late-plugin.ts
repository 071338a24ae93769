/** Plugins of this worker whose code is loaded with their first use in a thread: a thread that loads them all starts later. */
import type { Plugin } from '../api/plugin';
import { ConnectError } from '../errors';

/** The version of everything that has the name of a class of Apache Kafka. */
export const KAFKA_VERSION = '4.3.0';

/** A plugin among those of its file. */
export function pluginOf<P extends Plugin>(className: string, type: P['type'], plugins: readonly Plugin[]): P {
  const found = plugins.find(plugin => plugin.className === className && plugin.type === type);
  if (!found) throw new ConnectError('IllegalStateException', `${className} is not in the file that it is listed with`);
  return found as P;
}
