/** Metrics of a plugin's own, without a worker: they note what is registered and recorded, and refuse what a worker refuses. */
import { ConnectError, type MetricName, type MetricStat, type PluginMetrics, type Sensor } from '../api';

/** A metric that was added, and where its value comes from. */
interface Registered {
  readonly name: MetricName;
  readonly source: (() => number) | FakeSensor;
}

export class FakePluginMetrics implements PluginMetrics {
  /** Those that there are now, by name and tags. */
  readonly metrics = new Map<string, Registered>();
  /** Those that there are now, by name. */
  readonly sensors = new Map<string, FakeSensor>();
  private isClosed = false;

  metricName(name: string, description: string, tags: Readonly<Record<string, string>> = {}): MetricName {
    this.checkOpen();
    for (const tag of Object.keys(tags)) if (tag in WHOSE) throw wrongArgument(`Cannot use ${tag} as a tag name`);
    return { name, group: 'plugins', description, tags: { ...WHOSE, ...tags } };
  }

  addMetric(metricName: MetricName, value: () => number): void {
    this.add(metricName, value);
  }

  removeMetric(metricName: MetricName): void {
    this.checkOpen();
    if (!this.metrics.delete(keyOf(metricName))) throw wrongArgument(`Unknown metric ${keyOf(metricName)}`);
  }

  addSensor(name: string): FakeSensor {
    this.checkOpen();
    if (this.sensors.has(name)) throw wrongArgument(`Sensor ${name} already exists`);
    const sensor = new FakeSensor(name, metricName => this.add(metricName, sensor));
    this.sensors.set(name, sensor);
    return sensor;
  }

  removeSensor(name: string): void {
    this.checkOpen();
    const sensor = this.sensors.get(name);
    if (!this.sensors.delete(name)) throw wrongArgument(`Unknown sensor ${name}`);
    for (const [key, { source }] of this.metrics) if (source === sensor) this.metrics.delete(key);
  }

  /** What the worker does after `stop`. */
  close(): void {
    this.isClosed = true;
    this.metrics.clear();
    this.sensors.clear();
  }

  private add(name: MetricName, source: Registered['source']): void {
    this.checkOpen();
    if (this.metrics.has(keyOf(name))) throw wrongArgument(`Metric ${keyOf(name)} already exists`);
    this.metrics.set(keyOf(name), { name, source });
  }

  private checkOpen(): void {
    if (this.isClosed) throw new ConnectError('IllegalStateException', 'This PluginMetrics instance is closed');
  }
}

/** A sensor that keeps all that it records. */
export class FakeSensor implements Sensor {
  readonly recorded: number[] = [];
  readonly stats: MetricStat[] = [];

  constructor(
    readonly name: string,
    private readonly addMetric: (metricName: MetricName) => void,
  ) {}

  add(metricName: MetricName, stat: MetricStat): void {
    this.addMetric(metricName);
    this.stats.push(stat);
  }

  record(value = 1): void {
    this.recorded.push(value);
  }
}

/** Tags that the worker adds. */
const WHOSE: Readonly<Record<string, string>> = { connector: 'testing', task: '0' };

const keyOf = ({ name, tags }: MetricName): string => JSON.stringify([name, ...Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);

const wrongArgument = (message: string): ConnectError => new ConnectError('IllegalArgumentException', message);
