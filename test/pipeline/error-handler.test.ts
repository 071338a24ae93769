import { NotReady } from '../../src/api/not-ready';
import type { ErrorSettings } from '../../src/config/tasks/error-settings';
import { ConnectError } from '../../src/errors';
import { CELL_OF, Cells } from '../../src/metrics/cells';
import { ErrorHandler, type FailureReporter } from '../../src/pipeline/error-handler';
import type { RecordFailure } from '../../src/pipeline/failed-record';
import { RetryPolicy } from '../../src/pipeline/retry-policy';
import { fakeLogger } from '../helpers/fakes/fake-logger';
import { readErrorSettings } from '../helpers/fakes/settings';

const SETTINGS: ErrorSettings = readErrorSettings({});
const failure: RecordFailure = {
  stage: 'VALUE_CONVERTER',
  className: 'org.example.Converter',
  error: new ConnectError('DataException', 'bad value'),
  original: () => ({ type: 'text', text: 'consumed record is {offset=5}' }),
};

describe('ErrorHandler', () => {
  test('without tolerance the record fails the task, with its own error as cause', () => {
    const logger = fakeLogger();
    const handler = new ErrorHandler('c-0', SETTINGS, logger);
    expect(() => handler.skipOrThrow(failure)).toThrow(
      expect.objectContaining({ code: 'ConnectException', message: 'Tolerance exceeded in error handler', cause: failure.error }),
    );
    expect([handler.skipped, logger.lines]).toEqual([0, []]);
  });

  test('with tolerance every record is counted, and the first one said', () => {
    const logger = fakeLogger();
    const handler = new ErrorHandler('c-0', { ...SETTINGS, tolerance: 'all' }, logger);
    handler.skipOrThrow(failure);
    handler.skipOrThrow(failure);
    expect(handler.skipped).toBe(2);
    expect(logger.lines).toEqual([expect.stringContaining('WARN A record was left out at stage VALUE_CONVERTER')]);
  });

  test.each([
    ['bad value', 'bad value. Further ones are only counted'],
    ['Is this a value?', 'Is this a value? Further ones are only counted'],
    ['Invalid topics: [x]', 'Invalid topics: [x]. Further ones are only counted'],
  ])('%s: what is said of the first one is made of sentences', (message, said) => {
    const logger = fakeLogger();
    const handler = new ErrorHandler('c-0', { ...SETTINGS, tolerance: 'all' }, logger);
    handler.skipOrThrow({ ...failure, error: new ConnectError('DataException', message) });
    expect(logger.lines).toEqual([expect.stringContaining(said)]);
  });

  test('the log comes before the decision; the record itself only when it is asked for', () => {
    const logger = fakeLogger();
    const handler = new ErrorHandler('c-0', { ...SETTINGS, logEnabled: true }, logger);
    expect(() => handler.skipOrThrow(failure)).toThrow();
    expect(logger.lines[0]).toMatch(
      /^ERROR Error encountered in task c-0\. Executing stage 'VALUE_CONVERTER' with class 'org\.example\.Converter'\. <- org\.apache\.kafka\.connect\.errors\.DataException: bad value$/,
    );
    const all = new ErrorHandler('c-0', { ...SETTINGS, tolerance: 'all', logEnabled: true, includeMessages: true }, logger);
    all.skipOrThrow(failure);
    expect(logger.lines[1]).toContain("with class 'org.example.Converter', where consumed record is {offset=5}. <- ");
    expect(logger.lines).toHaveLength(2);
  });
});

describe('its metrics', () => {
  const RETRIABLE = new ConnectError('RetriableException', 'not yet');

  function setUp(settings: Partial<ErrorSettings> = {}, report?: FailureReporter['report']) {
    let nowMs = 0;
    const clock = {
      nowMs: () => nowMs,
      wait: async (ms: number) => {
        nowMs += ms;
      },
    };
    const cells = new Cells();
    const handler = new ErrorHandler('c-0', { ...SETTINGS, ...settings }, fakeLogger(), new RetryPolicy(1000, 100, clock), {
      cells,
      changed: () => {},
    });
    if (report) handler.reportTo({ report });
    const counts = (): Record<string, number> => {
      const names = ['recordProcessingFailures', 'recordProcessingErrors', 'recordsSkippedByErrors', 'retries', 'errorsLogged'] as const;
      return Object.fromEntries(names.map(name => [name, cells.values[CELL_OF[name]] as number]).filter(([, count]) => count !== 0));
    };
    const letters = () => [cells.values[CELL_OF.dlqProduceRequests], cells.values[CELL_OF.dlqProduceFailures]];
    return { handler, cells, counts, letters };
  }

  test('an operation that works at the third try has failed twice, and is no error', async () => {
    const { handler, counts, cells } = setUp();
    let tries = 1;
    const again = (): boolean => {
      if (++tries < 3) throw RETRIABLE;
      return true;
    };
    expect(await handler.handle({ ...failure, error: RETRIABLE }, again)).toBe('kept');
    expect(counts()).toEqual({ recordProcessingFailures: 2, retries: 2 });
    expect(cells.values[CELL_OF.lastErrorTimestamp]).toBe(0);
  });

  test('a record that is left out is an error, is skipped, and says when', async () => {
    const { handler, counts, cells } = setUp({ tolerance: 'all', logEnabled: true });
    const beganMs = Date.now();
    expect(await handler.handle(failure, () => true)).toBe('failed');
    handler.skipOrThrow(failure);
    expect(counts()).toEqual({ recordProcessingFailures: 2, recordProcessingErrors: 2, recordsSkippedByErrors: 2, errorsLogged: 2 });
    expect(cells.values[CELL_OF.lastErrorTimestamp]).toBeGreaterThanOrEqual(beganMs);
  });

  test('one that fails the task is an error and not skipped', async () => {
    const { handler, counts } = setUp();
    await expect(handler.handle(failure, () => true)).rejects.toThrow('Tolerance exceeded');
    expect(counts()).toEqual({ recordProcessingFailures: 1, recordProcessingErrors: 1 });
  });

  test.each([
    ['one that is written', async () => ({ delivered: Promise.resolve() }), [1, 0]],
    ['one that brokers refuse', async () => ({ delivered: Promise.reject(new Error('refused')) }), [1, 1]],
    ['one that cannot be sent', async () => Promise.reject(new Error('no producer')), [1, 1]],
  ])('dead letters: %s', async (_, report, expected) => {
    const { handler, letters } = setUp({ tolerance: 'all' }, report);
    handler.skipOrThrow(failure);
    await new Promise(resolve => setImmediate(resolve));
    expect(letters()).toEqual(expected);
  });

  test('a record that a sink reports counts once, and not as skipped before its letter is made', async () => {
    const { handler, counts, letters } = setUp({ tolerance: 'all' }, async () => ({ delivered: Promise.resolve() }));
    await handler.reportErrant(failure);
    expect([counts(), letters()]).toEqual([{ recordProcessingFailures: 1, recordProcessingErrors: 1, recordsSkippedByErrors: 1 }, [1, 0]]);
  });
});

describe('a converter that is not ready', () => {
  const handlerOf = (): ErrorHandler => new ErrorHandler('c-0', SETTINGS, fakeLogger());
  const waiting = (ready: Promise<unknown>): RecordFailure => ({ ...failure, error: new NotReady(ready) });

  test('is waited for, as often as it takes, and the record goes on', async () => {
    const handler = handlerOf();
    let asked = 0;
    const again = (): boolean => {
      if (++asked < 3) throw new NotReady(Promise.resolve());
      return true;
    };
    expect(await handler.handle(waiting(new Promise(resolve => setTimeout(resolve, 5))), again)).toBe('kept');
    expect([asked, handler.skipped]).toEqual([3, 0]);
  });

  test('and never will be fails its record with the reason', async () => {
    const reason = new ConnectError('DataException', 'no such schema');
    await expect(handlerOf().handle(waiting(Promise.reject(reason)), () => true)).rejects.toHaveProperty('cause', reason);
  });

  test('keeps nobody from stopping', async () => {
    const handler = handlerOf();
    const outcome = handler.handle(waiting(new Promise(() => {})), () => true);
    handler.stop();
    expect(await outcome).toBe('interrupted');
  });
});
