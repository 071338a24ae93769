import { openSync, readFileSync, writeFileSync } from 'node:fs';
import { Child, runCommand } from '../processes/child';
import { TempDir } from '../temp-dir';
import { waitFor } from '../wait-for';
import { freePorts } from './free-port';
import { javaArguments } from './kafka-jars';

/** What may be said about a broker before it starts. */
export interface BrokerOptions {
  /** Port of the PLAINTEXT listener; a free one by default. */
  readonly port?: number;
  /** Settings of server.properties, over our own. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Options of the JVM, `SHORT_LIVED_JVM` by default. */
  readonly jvm?: readonly string[];
  /** Further arguments of the tool that formats its folder, such as users of SCRAM. */
  readonly format?: readonly string[];
}

/** Half the CPU time of a start, on two cores 3 s instead of 7: what such a broker lives for is not worth much compilation. */
export const SHORT_LIVED_JVM: readonly string[] = ['-Xmx1G', '-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC'];

/**
 * A real Apache Kafka of one KRaft node with its data in a temporary folder. It makes topics on demand, with one partition.
 * It ends with our process, however that ends.
 */
export class Broker {
  readonly bootstrap: string;
  readonly #dir = new TempDir('broker');
  readonly #jvm: readonly string[];
  readonly #formatArguments: readonly string[];
  #child: Child | undefined;

  private constructor(port: number, controllerPort: number, options: BrokerOptions) {
    this.bootstrap = `127.0.0.1:${port}`;
    this.#jvm = options.jvm ?? SHORT_LIVED_JVM;
    this.#formatArguments = options.format ?? [];
    const settings = { ...ownSettings(port, controllerPort, this.#dir.file('data')), ...options.settings };
    const lines = Object.entries(settings).map(([key, value]) => `${key}=${value}\n`);
    this.#dir.write('server.properties', lines.join(''));
  }

  /** Starts a broker and waits until it serves, which takes about 5 s. */
  static async start(options: BrokerOptions = {}): Promise<Broker> {
    const [free = 0, controllerPort = 0] = await freePorts(2);
    const broker = new Broker(options.port ?? free, controllerPort, options);
    try {
      await broker.#format();
      await broker.restart();
    } catch (error) {
      await broker.stop();
      throw error;
    }
    return broker;
  }

  /** The process of the broker. */
  get pid(): number {
    return this.#running().pid;
  }

  /** All that the broker has logged. */
  get log(): string {
    return this.#dir.read('broker.log');
  }

  /** A file of its data. */
  dataFile(name: string): string {
    return this.#dir.file(`data/${name}`);
  }

  /** Freezes the broker (SIGSTOP): connections stay open, nothing answers. */
  pause(): void {
    this.#running().signal('SIGSTOP');
  }

  /** Lets a frozen broker go on. */
  resume(): void {
    this.#running().signal('SIGCONT');
  }

  /** Kills the broker (SIGKILL); its data stay. */
  async kill(): Promise<void> {
    await this.#running().kill();
  }

  /** Stops the broker in order; its data stay. */
  async shutDown(): Promise<void> {
    await this.#running().stop(30_000);
  }

  /** Starts it again on the same port with the same data, after `kill` or `shutDown`. */
  async restart(): Promise<void> {
    const logFile = this.#dir.file('broker.log');
    writeFileSync(logFile, '');
    const log = openSync(logFile, 'a');
    const args = javaArguments('kafka.Kafka', [this.#dir.file('server.properties')], this.#jvm);
    const child = new Child('java', args, { stdio: ['ignore', log, log] });
    this.#child = child;
    await waitFor('the broker to start', () => !child.alive || readFileSync(logFile, 'utf8').includes('Kafka Server started'), {
      timeoutMs: START_LIMIT_MS,
    });
    if (!child.alive) throw new Error(`the broker did not start:\n${this.log.slice(-4000)}`);
  }

  /** Ends the broker and removes its data. */
  async stop(): Promise<void> {
    await this.#child?.kill();
    this.#dir.remove();
  }

  #running(): Child {
    if (!this.#child?.alive) throw new Error('the broker is not running');
    return this.#child;
  }

  async #format(): Promise<void> {
    const args = ['format', '-t', CLUSTER_ID, '-c', this.#dir.file('server.properties'), ...this.#formatArguments];
    const result = await runCommand('java', javaArguments('kafka.tools.StorageTool', args, ['-XX:TieredStopAtLevel=1']), {
      timeoutMs: START_LIMIT_MS,
    });
    if (result.code !== 0) throw new Error(`cannot format the broker's folder: ${result.stdout}${result.stderr}`);
  }
}

/** It takes 5 s, but the machine may have much else to do. */
const START_LIMIT_MS = 240_000;

/** 16 bytes, base64: any will do. */
const CLUSTER_ID = 'Y29ubmVjdC10ZXN0LTAwMQ';

function ownSettings(port: number, controllerPort: number, dataFolder: string): Record<string, string> {
  return {
    'node.id': '1',
    'process.roles': 'broker,controller',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataFolder,
    'num.partitions': '1',
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    'offsets.topic.num.partitions': '1',
    'offsets.topic.replication.factor': '1',
    'transaction.state.log.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
  };
}

/** As many as Jest has workers (`maxWorkers`): test files that run side by side do not meet in a group or a topic. */
export const SHARED_BROKERS = 2;

/** The broker that the e2e tests of this worker share: CONNECT_TEST_BOOTSTRAP names one for each, or one for all. */
export function sharedBootstrap(): string {
  const [first, ...others] = process.env.CONNECT_TEST_BOOTSTRAP?.split(' ') ?? [];
  if (!first) throw new Error('CONNECT_TEST_BOOTSTRAP is not set; tests that need the shared broker belong in test/e2e');
  return others[Number(process.env.JEST_WORKER_ID ?? 1) - 2] ?? first;
}
