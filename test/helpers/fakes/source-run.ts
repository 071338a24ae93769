/** A run of a source task whose services are fakes: the run itself, its counts, its sending and its delivery are real. */
import type { SourceTask } from '../../../src/api/source';
import type { SourceRecord } from '../../../src/data/record/record';
import type { ConnectError } from '../../../src/errors';
import type { RecordOutlet, TopicOutlet } from '../../../src/kafka/clients/record-outlet';
import type { Logger } from '../../../src/log';
import type { ErrorHandler } from '../../../src/pipeline/error-handler';
import { TransformationChain } from '../../../src/pipeline/transformation-chain';
import { StopDeadline } from '../../../src/task/shared/stop-deadline';
import type { TaskConverters } from '../../../src/task/shared/task-converters';
import { AtLeastOnce } from '../../../src/task/source/at-least-once';
import type { Delivery } from '../../../src/task/source/delivery';
import { SourceRun } from '../../../src/task/source/source-run';
import type { SourceServices } from '../../../src/task/source/source-services';
import type { CommittableOffset } from '../../../src/task/source/submitted-records';
import type { OffsetEntry, RetentionWindow, TaskToMain } from '../../../src/thread/messages';
import { fakeTaskMetrics } from './task-metrics';
import { stagePlugins } from './test-stages';

export interface FakeRunParts {
  readonly outlet: Pick<RecordOutlet, 'inFlight' | 'send'> & Partial<TopicOutlet>;
  readonly errors: ErrorHandler;
  readonly logger: Logger;
  readonly chain?: TransformationChain<SourceRecord>;
  /** StringConverter where they are absent. */
  readonly converters?: TaskConverters;
  readonly task?: Partial<SourceTask>;
  readonly windows?: readonly RetentionWindow[];
  /** What a sleep does. */
  readonly wait?: (timeoutMs: number) => Promise<void>;
  /** Whether a topic is known to be there, and how it is looked for; absent where topics are left to the brokers. */
  readonly isTopicReady?: (topic: string) => boolean;
  readonly makeTopicReady?: (topic: string) => Promise<ConnectError | null>;
  readonly letters?: SourceServices['letters'];
  readonly post?: (message: TaskToMain) => void;
  /** At least once where it is absent. */
  readonly createDelivery?: (run: SourceRun) => Delivery;
}

export function fakeSourceRun(parts: FakeRunParts): SourceRun {
  const task = { start: () => {}, poll: () => null, stop: () => {}, ...parts.task };
  return new SourceRun(fakeServices(parts), task, parts.createDelivery ?? (run => new AtLeastOnce(run)));
}

function fakeServices({ outlet, errors, logger, isTopicReady, ...parts }: FakeRunParts): SourceServices {
  const plugins = stagePlugins();
  const host = {
    spec: { retentionWindows: parts.windows ?? [], taskProps: {}, connectorProps: {}, draining: false, settings: { topic: null } },
    errors,
    logger,
    metrics: fakeTaskMetrics(),
    wake: { wait: parts.wait ?? (async () => {}), notify: () => {}, onWake: () => {} },
    stopDeadline: new StopDeadline(),
    flushTimeoutMs: 1000,
    post: parts.post ?? (() => {}),
  };
  const chain = parts.chain ?? new TransformationChain<SourceRecord>({ stages: [], plugins, logger });
  const services = {
    host,
    chain,
    columns: chain.columns(),
    converters: parts.converters ?? stringConverters(),
    producers: { create: () => outlet, maxInFlight: 64 },
    letters: parts.letters ?? null,
    stopping: false,
    paused: false,
    hasDelivered: false,
    topicCreation: isTopicReady ? { isReady: isTopicReady } : null,
    makeTopicReady: parts.makeTopicReady,
    stopSignal: new AbortController().signal,
    codec: {
      reader: () => ({ offset: () => null, mark: () => null }),

      encode: ({ offset }: CommittableOffset): OffsetEntry => [
        'k',
        JSON.stringify(offset, (_, v) => (typeof v === 'bigint' ? Number(v) : v)),
      ],
    },
    offsets: new Map<string, OffsetEntry>(),
    goOnFrom: () => {},
    progress: { changed: () => {}, turned: () => {} },
    topics: new Set<string>(),
    reportTopic: () => {},
  };
  return services as unknown as SourceServices;
}

/** StringConverter for keys and values, SimpleHeaderConverter for headers. */
export function stringConverters(plugins = stagePlugins()): TaskConverters {
  const use = (name: string, role: 'key' | 'value' | 'header'): unknown => {
    const className = `org.apache.kafka.connect.storage.${name}`;
    const converter = plugins.find(role === 'header' ? 'header_converter' : 'converter', className)?.create();
    converter?.configure({}, role);
    return { converter, className };
  };
  return {
    key: use('StringConverter', 'key'),
    value: use('StringConverter', 'value'),
    header: use('SimpleHeaderConverter', 'header'),
  } as unknown as TaskConverters;
}
