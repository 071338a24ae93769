import { Broker, SHARED_BROKERS } from '../servers/broker';

declare global {
  /** The brokers of this test run, unless some were given from outside. */
  var sharedTestBrokers: Broker[] | undefined;
}

/** Jest calls this once before the first e2e test: a broker for each of its workers. */
export default async function startSharedBrokers(): Promise<void> {
  if (process.env.CONNECT_TEST_BOOTSTRAP) return;
  globalThis.sharedTestBrokers = await Promise.all(Array.from({ length: SHARED_BROKERS }, () => Broker.start()));
  process.env.CONNECT_TEST_BOOTSTRAP = globalThis.sharedTestBrokers.map(broker => broker.bootstrap).join(' ');
}
