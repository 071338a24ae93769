import { compiledTest } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { produceValues } from '../../helpers/servers/kafka-io';

interface Report {
  readonly inOrder: number;
  readonly freed: boolean;
  readonly before: { readonly rssMiB: number; readonly fds: number; readonly threads: number };
  readonly after: { readonly rssMiB: number; readonly fds: number; readonly threads: number };
  readonly maxDelayMs: number;
}

const SCRIPT = compiledTest('helpers/processes/thread-cycles.js');
const CYCLES = 40;

describe('task threads one after the other', () => {
  const bootstrap = sharedBootstrap();
  const topic = `cycles-${Date.now().toString(36)}`;
  beforeAll(() =>
    produceValues(
      bootstrap,
      topic,
      Array.from({ length: 20_000 }, (_, i) => `${i} ${'x'.repeat(100)}`),
    ),
  );

  test.each([
    ['source', 'stop', CYCLES],
    ['source', 'cut', 0],
    ['sink', 'stop', CYCLES],
    ['sink', 'cut', 0],
  ])(
    '%s: 40 ends by "%s" leave no memory, descriptor or thread behind',
    async (kind, how, inOrder) => {
      const written = kind === 'source' ? `${topic}-${how}` : topic;
      const result = await runCommand(process.execPath, [SCRIPT, kind, how, String(CYCLES), bootstrap, written], { timeoutMs: 110_000 });
      expect({ ...result, stdout: '' }).toMatchObject({ code: 0, signal: null, stderr: '' });
      const report = JSON.parse(result.stdout.toString()) as Report;
      expect(report).toMatchObject({ inOrder, freed: true });
      expect(report.after.fds).toBeLessThanOrEqual(report.before.fds);
      expect(report.after.threads).toBeLessThanOrEqual(report.before.threads);
      // 20 threads that stayed would be 160 MiB and more.
      expect(report.after.rssMiB - report.before.rssMiB).toBeLessThan(40);
      expect(report.maxDelayMs).toBeLessThan(1000);
    },
    120_000,
  );
});
