import type { ErrorSettings } from '../../src/config/tasks/error-settings';
import { ConnectError } from '../../src/errors';
import { ErrorHandler } from '../../src/pipeline/error-handler';
import type { RecordFailure } from '../../src/pipeline/failed-record';
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
