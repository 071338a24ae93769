/** Jest calls this after the last e2e test. */
export default async function stopSharedBrokers(): Promise<void> {
  await Promise.all((globalThis.sharedTestBrokers ?? []).map(broker => broker.stop()));
}
