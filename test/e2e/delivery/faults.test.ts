/** The short form of the fault suite: see test/faults. */
import { FAULTS } from '../../faults/catalogue';
import { violations } from '../../faults/fault';
import { type Job, runInLanes } from '../../faults/lanes';
import type { Row } from '../../faults/report';

/** Of all of them together, since each test waits for its row. */
const TIMEOUT_MS = 600_000;
const LANES = 2;

const jobs: readonly Job[] = FAULTS.flatMap(fault => fault.short.map(mode => ({ fault, mode })));
let over: Promise<Row[]>;
const rows = new Map<Job, Promise<Row>>();

beforeAll(() => {
  const arrived = new Map<Job, (row: Row) => void>();
  for (const job of jobs) rows.set(job, new Promise(resolve => arrived.set(job, resolve)));
  over = runInLanes(jobs, { lanes: LANES, scale: 'short', onEnd: (job, row) => arrived.get(job)?.(row) });
});
afterAll(() => over, TIMEOUT_MS);

test.each(jobs.map(job => [job.fault.name, job.mode, job] as const))(
  '%s (%s): nothing lost, nothing out of order, nothing twice that may not be',
  async (_, __, job) => {
    const row = await Promise.race([rows.get(job), over.then(() => rows.get(job))]);
    const outcome = row?.outcome ?? { error: 'it did not run' };
    const violated = 'error' in outcome ? [outcome.error] : violations(outcome);
    expect({ ...outcome, violations: violated }).toEqual({ ...outcome, violations: [] });
  },
  TIMEOUT_MS,
);
