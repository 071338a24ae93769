import { Broker } from './broker';

declare global {
  /** The broker of this test run, unless one was given from outside. */
  var sharedTestBroker: Broker | undefined;
}

/** Jest calls this once before the first e2e test: one broker for all of them. */
export default async function startSharedBroker(): Promise<void> {
  if (process.env.CONNECT_TEST_BOOTSTRAP) return;
  globalThis.sharedTestBroker = await Broker.start();
  process.env.CONNECT_TEST_BOOTSTRAP = globalThis.sharedTestBroker.bootstrap;
}
