/** The short form of the fault suite: see test/faults. */
import { Arena } from '../faults/arena';
import { FAULTS } from '../faults/catalogue';
import { violations } from '../faults/fault';

const arena = new Arena();
afterAll(() => arena.stop());

const short = FAULTS.flatMap(fault => fault.short.map(mode => [fault.name, mode, fault] as const));

test.each(short)(
  '%s (%s): nothing lost, nothing out of order, nothing twice that may not be',
  async (_, mode, fault) => {
    const outcome = await fault.run({ mode, scale: 'short', arena });
    expect({ ...outcome, violations: violations(outcome) }).toEqual({ ...outcome, violations: [] });
  },
  240_000,
);
