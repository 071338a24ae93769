import type { SourceBatch, SourceTask } from '../../../src/api/source';
import { ConnectError } from '../../../src/errors';
import type { WireBatch } from '../../../src/kafka/producer/wire-batch';
import { ErrorHandler } from '../../../src/pipeline/error-handler';
import { AtLeastOnce } from '../../../src/task/source/at-least-once';
import type { BatchPart, Beginning } from '../../../src/task/source/delivery';
import { finishRun, runSource } from '../../../src/task/source/run-source';
import { offsetsSaved } from '../../../src/task/source/source-reports';
import type { SourceRun } from '../../../src/task/source/source-run';
import { sourceRecord } from '../../../src/testing/data/sample-records';
import { fakeLogger } from '../../helpers/fakes/fake-logger';
import { readErrorSettings } from '../../helpers/fakes/settings';
import { fakeSourceRun } from '../../helpers/fakes/source-run';

const record = (value: string) =>
  sourceRecord({ topic: 't', kafkaPartition: null, value, timestamp: null, sourcePartition: {}, sourceOffset: { position: 1 } });
const BROKEN = new ConnectError('KafkaException', 'broken');

/** A delivery that says what it is asked. */
class ToldDelivery extends AtLeastOnce {
  constructor(
    run: SourceRun,
    private readonly events: string[],
    private readonly mayBegin: boolean,
  ) {
    super(run);
  }

  override async open(): Promise<Beginning> {
    this.events.push('open');
    return { offsets: [], transactionContext: null };
  }

  override async before(): Promise<boolean> {
    this.events.push('before');
    return this.mayBegin;
  }

  override async after(part?: BatchPart): Promise<void> {
    this.events.push(`after${part?.endsBatch ? ' the last' : ''}`);
  }

  override async idle(until?: Promise<unknown> | null): Promise<void> {
    this.events.push(until ? 'idle' : 'idle while paused');
  }

  override async keepPlaces(): Promise<void> {
    this.events.push('keep places');
  }

  override async explain(broken: ConnectError): Promise<ConnectError> {
    this.events.push(`explain ${broken.message}`);
    return broken;
  }

  override async stop(): Promise<void> {
    this.events.push('stop');
  }
}

/** Runs a task to its end. @param polls what each poll does; after the last one the task is stopped */
async function runThrough(polls: readonly ((run: SourceRun) => SourceBatch | null)[], task: Partial<SourceTask> = {}, mayBegin = true) {
  const events: string[] = [];
  const left = [...polls];
  const logger = fakeLogger();
  const outlet = {
    inFlight: 0,
    room: () => 100,
    poll: () => {},
    send: ({ values }: WireBatch, from: number, count: number): number => {
      for (let i = from; i < from + count; i++) events.push(`send ${values.textAt(i)}`);
      return count;
    },
    release: () => void events.push('release'),
    giveUp: () => void events.push('give up'),
  };
  const run: SourceRun = fakeSourceRun({
    outlet,
    errors: new ErrorHandler('c-0', readErrorSettings({}), logger),
    logger,
    wait: async () => {
      run.services.paused = false;
    },
    task: {
      start: () => void events.push('start'),
      poll: () => {
        const next = left.shift();
        if (left.length === 0) run.services.stopping = true;
        return next?.(run) ?? null;
      },
      stop: () => void events.push('task stop'),
      ...task,
    },
    post: message => {
      events.push(message.type === 'state' ? message.state : message.type);
      if (message.type === 'offsets') void offsetsSaved(run, null);
    },
    createDelivery: it => new ToldDelivery(it, events, mayBegin),
  });
  const broken = await runSource(run);
  await finishRun(run, broken !== null);
  return { events, broken };
}

const nothing = (): null => null;
const END = ['stop', 'offsets', 'task stop', 'release'];

test('a run opens, starts, polls, sends, looks around, finishes', async () => {
  const { events } = await runThrough([() => [record('a'), record('b')], nothing]);
  expect(events).toEqual(['open', 'start', 'RUNNING', 'idle', 'before', 'send a', 'send b', 'after the last', 'idle', ...END]);
});

test('what may not be sent is not', async () => {
  const { events } = await runThrough([() => [record('a')], nothing], {}, false);
  expect(events).toEqual(['open', 'start', 'RUNNING', 'idle', 'before', 'idle', ...END]);
});

test('a pause ends what is open, and polls go on afterwards', async () => {
  const pause = (run: SourceRun): null => {
    run.services.paused = true;
    return null;
  };
  const { events } = await runThrough([pause, nothing]);
  expect(events).toEqual(['open', 'start', 'RUNNING', 'idle', 'idle while paused', 'PAUSED', 'RUNNING', 'idle', ...END]);
});

test('a place without a record is kept once all before it is answered', async () => {
  const places = [{ partition: {}, offset: { position: 7n } }];
  const { events } = await runThrough([nothing, nothing], { takePlace: () => places.pop() ?? null });
  expect(events.filter(event => event === 'keep places')).toHaveLength(1);
});

test('what cannot be read again goes out at a stop, before the end', async () => {
  const held = [[record('held')]];
  const task = { canRewind: () => false, pollHeld: () => held.pop() ?? null };
  const { events } = await runThrough([nothing], task);
  expect(events).toEqual(['open', 'start', 'RUNNING', 'idle', 'before', 'send held', 'after the last', ...END]);
});

test('a broken client ends the run, which gives it up for the next one', async () => {
  const breaks = (run: SourceRun): SourceBatch => {
    run.breakOff(BROKEN);
    return [record('a')];
  };
  const { events, broken } = await runThrough([breaks, nothing, nothing]);
  expect(broken).toBe(BROKEN);
  expect(events).toEqual(['open', 'start', 'RUNNING', 'idle', 'before', 'explain broken', 'stop', 'offsets', 'task stop', 'give up']);
});
