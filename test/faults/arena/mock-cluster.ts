/** A cluster of three brokers that answers with the errors one orders; in memory, it forgets what is more than 5 MB a topic. */
import { join } from 'node:path';
import { Child } from '../../helpers/processes/child';
import { waitFor } from '../../helpers/wait-for';

/** What the cluster can be told. */
export type MockOrder =
  | { readonly type: 'topic'; readonly topic: string }
  | { readonly type: 'leader'; readonly topic: string; readonly broker: number }
  | { readonly type: 'down' | 'up'; readonly broker: number }
  /** The next produce requests get these errors, one each; 0 is none. */
  | { readonly type: 'fail'; readonly errors: readonly number[] };

export class MockCluster {
  private answers = 1;

  private constructor(
    private readonly child: Child,
    readonly bootstrap: string,
  ) {}

  static async start(): Promise<MockCluster> {
    const child = new Child(process.execPath, [join(__dirname, 'mock-cluster-host.js')]);
    const first = await waitFor('the mock cluster', () => child.stdout.split('\n').length > 1 && child.stdout.split('\n')[0]);
    return new MockCluster(child, (JSON.parse(first) as { bootstrap: string }).bootstrap);
  }

  /** @throws Error when the cluster refuses */
  async order(order: MockOrder): Promise<void> {
    const number = this.answers++;
    this.child.process.stdin?.write(`${JSON.stringify(order)}\n`);
    const answer = await waitFor('an answer', () => this.child.stdout.split('\n').slice(0, -1)[number], { everyMs: 5 });
    if (answer !== '0') throw new Error(`the mock cluster answered ${answer} to ${JSON.stringify(order)}`);
  }

  async stop(): Promise<void> {
    await this.child.kill();
  }
}
