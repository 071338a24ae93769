import { ConnectError } from '../../../src/errors';
import { ErrorHandler } from '../../../src/pipeline/error-handler';
import type { DeadLetters } from '../../../src/task/dead-letters/dead-letters';
import type { SourceRun } from '../../../src/task/source/source-run';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../helpers/fakes/settings';
import { fakeSourceRun } from '../../helpers/fakes/source-run';

const REFUSED = new ConnectError('RecordTooLargeException', 'too large');

let letters: { pending: number; failure: Error | null };
let commits: number;
let run: SourceRun;
beforeEach(() => {
  letters = { pending: 0, failure: null };
  commits = 0;
  const logger = fakeLogger();
  run = fakeSourceRun({
    outlet: { inFlight: 0, send: () => 0 },
    errors: new ErrorHandler('c-0', readErrorSettings({}), logger),
    logger,
    letters: letters as unknown as DeadLetters,
    task: { commit: () => void commits++ },
  });
});

const submit = (position: number): number => run.submitted.submit({}, { position });

test('offsets are those behind which all is acknowledged, each once', () => {
  const [one, two, three] = [submit(1), submit(2), submit(3)];
  run.delivery.onDelivery(three, undefined, 0, 0);
  run.delivery.onDelivery(one, undefined, 0, 1);
  expect(run.delivery.takeOffsets()).toEqual([['k', '{"position":1}']]);
  expect(run.delivery.takeOffsets()).toEqual([]);
  run.delivery.onDelivery(two, undefined, 0, 2);
  expect(run.delivery.takeOffsets()).toEqual([['k', '{"position":3}']]);
});

test('offsets are kept back while a dead letter before them is not safe', () => {
  run.delivery.onDelivery(submit(1), undefined, 0, 0);
  letters.pending = 1;
  expect(run.delivery.takeOffsets()).toEqual([]);
  letters.pending = 0;
  letters.failure = REFUSED;
  expect(run.delivery.takeOffsets()).toEqual([]);
  letters.failure = null;
  expect(run.delivery.takeOffsets()).toHaveLength(1);
});

test('offsets that could not be saved come again; of those that are the task hears', async () => {
  run.delivery.onDelivery(submit(1), undefined, 0, 0);
  const taken = run.delivery.takeOffsets();
  await run.delivery.onSaved(new Error('disk full'), 7);
  expect([run.delivery.takeOffsets(), commits]).toEqual([taken, 0]);
  await run.delivery.onSaved(null, 5);
  expect([run.delivery.takeOffsets(), commits]).toEqual([[], 1]);
});

test('an offset that cannot be stored fails the task; those of other source partitions are stored', () => {
  const refused = new ConnectError('DataException', 'The mark of source offset is too long');
  run.delivery.onDelivery(run.submitted.submit({ f: 1 }, { position: 1 }), undefined, 0, 0);
  run.delivery.onDelivery(run.submitted.submit({ f: 2 }, { position: 2 }), undefined, 0, 1);
  jest.spyOn(run.services.codec, 'encode').mockImplementationOnce(() => {
    throw refused;
  });
  const { signal } = run.polls;
  expect(run.delivery.takeOffsets()).toEqual([['k', '{"position":2}']]);
  expect(signal.aborted).toBe(true);
  expect(() => run.interrupted()).toThrow(refused);
});

test('a record that is refused fails the run, and stays without an answer', () => {
  run.delivery.onDelivery(submit(1), REFUSED, 0, -1);
  run.delivery.onDelivery(submit(2), undefined, 0, 0);
  expect(run.delivery.takeOffsets()).toEqual([]);
  expect(() => run.interrupted()).toThrow('Unrecoverable exception from producer send callback');
});

test('a client of no use ends the run and does not fail it', () => {
  run.delivery.onFailure(REFUSED);
  run.delivery.onFailure(new ConnectError('KafkaException', 'later'));
  expect([run.interrupted(), run.broken, run.failure]).toEqual([true, REFUSED, null]);
});
