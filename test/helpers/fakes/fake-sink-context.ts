import type { Props } from '../../../src/api/connector';
import type { ErrantRecordReporter, SinkTaskContext, TopicPartition } from '../../../src/api/sink';
import { getLogger } from '../../../src/log';
import { fakePluginMetrics } from './task-metrics';

/** A context that notes what a task asks for. */
export class FakeSinkContext implements SinkTaskContext {
  readonly taskId = 'test-0';
  readonly logger = getLogger('test', '[test|task-0] ');
  readonly metrics = fakePluginMetrics();
  /** What `offset` was called with: `topic-partition@offset`. */
  readonly offsets: string[] = [];
  readonly timeouts: number[] = [];

  constructor(
    readonly props: Props,
    readonly errantRecordReporter: ErrantRecordReporter | null = null,
  ) {}

  assignment(): readonly TopicPartition[] {
    return [];
  }

  offset({ topic, partition }: TopicPartition, offset: number): void {
    this.offsets.push(`${topic}-${partition}@${offset}`);
  }

  timeout(timeoutMs: number): void {
    this.timeouts.push(timeoutMs);
  }

  pause(): void {}

  resume(): void {}

  requestCommit(): void {}
}
