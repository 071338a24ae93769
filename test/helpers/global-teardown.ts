/** Jest calls this after the last e2e test. */
export default async function stopSharedBroker(): Promise<void> {
  await globalThis.sharedTestBroker?.stop();
}
