import type { Check } from '../../src/testing/check';

/** Registers each check as a test, under the name of the plugin. */
export function runChecks(plugin: string, checks: readonly Check[]): void {
  describe(plugin, () => {
    for (const { name, run } of checks) test(name, run);
  });
}
