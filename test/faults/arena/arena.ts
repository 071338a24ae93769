/** What the faults of a run share: a broker that may be killed, its proxy, names of topics that nobody had before. */
import { Broker } from '../../helpers/servers/broker';
import { freePorts } from '../../helpers/servers/free-port';
import { CuttingProxy } from './cutting-proxy';

/** The brokers are started when they are first asked for. */
export class Arena {
  private topics = 0;
  private started: Promise<{ broker: Broker; proxy: CuttingProxy }> | undefined;

  /** A name that no topic of this run has had. */
  freshTopic(): string {
    return `fault-${process.pid}-${++this.topics}`;
  }

  /** A broker of one node; whoever stops it starts it again. */
  async broker(): Promise<Broker> {
    return (await this.both()).broker;
  }

  /** The same broker behind a proxy that can cut connections: clients of its address never meet the broker itself. */
  async proxy(): Promise<CuttingProxy> {
    return (await this.both()).proxy;
  }

  private both(): Promise<{ broker: Broker; proxy: CuttingProxy }> {
    this.started ??= startBoth();
    return this.started;
  }

  /** Ends both, if they were ever started; not being able to was said to whoever asked for them. */
  async stop(): Promise<void> {
    const { broker, proxy } = (await this.started?.catch(() => undefined)) ?? {};
    await proxy?.stop();
    await broker?.stop();
  }
}

async function startBoth(): Promise<{ broker: Broker; proxy: CuttingProxy }> {
  const [port = 0, behind = 0, controller = 0] = await freePorts(3);
  const proxy = await CuttingProxy.start(behind);
  try {
    return { broker: await startBroker(port, behind, controller, proxy), proxy };
  } catch (error) {
    await proxy.stop();
    throw error;
  }
}

function startBroker(port: number, behind: number, controller: number, proxy: CuttingProxy): Promise<Broker> {
  const advertised = [`PLAINTEXT://127.0.0.1:${port}`, `PROXY://127.0.0.1:${proxy.port}`];
  const listeners = [`PLAINTEXT://127.0.0.1:${port}`, `PROXY://127.0.0.1:${behind}`, `CONTROLLER://127.0.0.1:${controller}`];
  return Broker.start({
    port,
    settings: {
      'controller.quorum.voters': `1@127.0.0.1:${controller}`,
      listeners: listeners.join(','),
      'advertised.listeners': advertised.join(','),
      'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,PROXY:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'group.min.session.timeout.ms': '1000',
      // Runs leave hundreds of MB behind, and the suite has no use for old topics.
      'log.segment.delete.delay.ms': '1000',
    },
  });
}
