import type { Check } from '../../../src/testing/check';

/** The names of the checks that fail, and why, as `name: reason`. */
export async function failuresOf(checks: readonly Check[]): Promise<{ readonly name: string; readonly reason: string }[]> {
  const failures: { readonly name: string; readonly reason: string }[] = [];
  for (const { name, run } of checks) {
    const reason = await run().then(
      () => null,
      (error: unknown) => String(error),
    );
    if (reason !== null) failures.push({ name, reason });
  }
  return failures;
}

/** A plugin that is wrong in one way, by the check that is to find it. */
export type WrongPlugins<T> = Readonly<Record<string, T>>;

/**
 * Registers tests: the right plugin passes all checks, each wrong one fails the check it is listed under and no other, and none is without
 * a wrong one.
 */
export function testKit<T>(checksOf: (plugin: T) => readonly Check[], right: T, wrong: WrongPlugins<T>): void {
  test('a plugin that does all is found without fault', async () => {
    expect(await failuresOf(checksOf(right))).toEqual([]);
  });

  test('each check has a plugin that fails it', () => {
    expect(checksOf(right).map(({ name }) => name)).toEqual(Object.keys(wrong));
  });

  test.each(Object.entries(wrong))('%s: fails, and nothing else does', async (name, plugin) => {
    const failures = await failuresOf(checksOf(plugin));
    expect(failures).toEqual([{ name, reason: expect.stringMatching(/./) }]);
  });
}
