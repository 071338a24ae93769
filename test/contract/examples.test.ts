/** The examples of plugins pass the kits of their kinds, as their authors run them: by `node:test`, against the package as it is installed. */
import { readdirSync, readFileSync } from 'node:fs';
import { inRepository } from '../helpers/paths';
import { runCommand } from '../helpers/processes/child';
import { buildPlugin, copyExample } from '../helpers/processes/example-run';
import { TempDir } from '../helpers/temp-dir';

// Each example is compiled as its author would do it.
jest.setTimeout(120_000);

const hasPlugin = (name: string): boolean => readdirSync(inRepository('examples', name)).includes('package.json');
const EXAMPLES = readdirSync(inRepository('examples'), { withFileTypes: true })
  .filter(entry => entry.isDirectory() && hasPlugin(entry.name))
  .map(({ name }) => name);

/** Runs a compiled file of tests, and expects all of its checks to hold. */
async function expectChecks(dir: TempDir, file: string): Promise<void> {
  // Within Jest Node takes itself for the child of a test run of its own.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { code, stdout } = await runCommand(process.execPath, ['--test', '--test-reporter=tap', file], {
    cwd: dir.path,
    env,
    timeoutMs: 60_000,
  });
  const output = stdout.toString();
  expect({ code, failed: output.match(/^ *not ok .*/gm) ?? [] }).toEqual({ code: 0, failed: [] });
  expect(Number(/^# pass (\d+)$/m.exec(output)?.[1])).toBeGreaterThan(8);
}

test.each(EXAMPLES)('examples/%s', async name => {
  const { scripts } = JSON.parse(readFileSync(inRepository('examples', name, 'package.json'), 'utf8')) as { scripts: { test: string } };
  const [, file = 'no test'] = /^tsc && node --test (dist\/\S+\.test\.js)$/.exec(scripts.test) ?? [];
  const dir = new TempDir(name);
  copyExample(name, dir, {});
  await buildPlugin(dir);
  await expectChecks(dir, file);
  dir.remove();
});

test('the transformation of README, with the checks of src/plugins/README.md', async () => {
  const block = (page: string, begin: string): string =>
    [...readFileSync(inRepository(page), 'utf8').matchAll(/```ts\n([\s\S]*?)```/g)]
      .map(([, text = '']) => text)
      .find(text => text.startsWith(begin)) ?? '';
  const dir = new TempDir('readme-checks');
  dir.write('drop-empty.ts', block('README.md', '// drop-empty.ts'));
  dir.write('drop-empty.test.ts', block('src/plugins/README.md', "import { test } from 'node:test'"));
  const config = readFileSync(inRepository('examples/redact-transform/tsconfig.json'), 'utf8');
  dir.write('tsconfig.json', config.replace(/"files": .*/, '"files": ["drop-empty.ts", "drop-empty.test.ts"]'));
  dir.write('package.json', '{}');
  await buildPlugin(dir);
  await expectChecks(dir, 'dist/drop-empty.test.js');
  dir.remove();
});
