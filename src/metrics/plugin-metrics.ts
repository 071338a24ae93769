/**
 * The metrics of one plugin where it runs: names, sensors, and what they have recorded
 * (org.apache.kafka.common.metrics.internals.PluginMetricsImpl).
 */
import type { MetricName, MetricStat, PluginMetrics, Sensor } from '../api/plugin-metrics';
import { ConnectError } from '../errors';

const GROUP = 'plugins';
/** One that names a metric after each record would fill the memory of the worker. */
const MAX_METRICS = 1000;
/** How often there is a report while nobody says that something has changed. */
const ASK_EVERY_MS = 5000;

/** A metric as the main thread is told of it, and where its values lie in a report. */
export interface PluginMetric {
  readonly name: MetricName;
  /** Null for a value that the plugin is asked for. */
  readonly stat: MetricStat | null;
  /** The first of its values: of a sensor `SENSOR_VALUES`, otherwise the value itself. */
  readonly at: number;
}

/** What a plugin reports. */
export interface PluginReport {
  /** Null where nothing was added or removed since the last report. */
  readonly metrics: readonly PluginMetric[] | null;
  readonly values: Float64Array;
}

/** What is kept of each sensor, in this order. Highest and lowest are those since the last report. */
export const SENSOR_VALUES = { sum: 0, count: 1, highest: 2, lowest: 3, last: 4 } as const;

class RecordingSensor implements Sensor {
  readonly values = Float64Array.of(0, 0, Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0);

  constructor(
    readonly name: string,
    private readonly addMetric: (sensor: RecordingSensor, name: MetricName, stat: MetricStat) => void,
    private onRecord: () => void,
  ) {}

  /** What is recorded from here on nobody hears of. */
  close(): void {
    this.onRecord = () => {};
  }

  add(metricName: MetricName, stat: MetricStat): void {
    this.addMetric(this, metricName, stat);
  }

  record(value = 1): void {
    const { values } = this;
    values[0] = (values[0] as number) + value;
    values[1] = (values[1] as number) + 1;
    if (value > (values[2] as number)) values[2] = value;
    if (value < (values[3] as number)) values[3] = value;
    values[4] = value;
    this.onRecord();
  }
}

/** Where the values of a metric come from. */
type Origin = { readonly sensor: RecordingSensor; readonly stat: MetricStat } | { readonly value: () => number };

export class RegisteredMetrics implements PluginMetrics {
  private readonly metrics = new Map<string, { readonly name: MetricName; readonly origin: Origin }>();
  private readonly sensors = new Map<string, RecordingSensor>();
  private isClosed = false;
  private hasChanged = false;
  private asking: NodeJS.Timeout | undefined;

  /** @param tags say whose they are @param onChange called when there is something to report */
  constructor(
    private readonly tags: Readonly<Record<string, string>>,
    private readonly onChange: () => void,
  ) {}

  metricName(name: string, description: string, tags: Readonly<Record<string, string>> = {}): MetricName {
    this.checkOpen();
    for (const tag of Object.keys(tags)) if (tag in this.tags) throw wrongArgument(`Cannot use ${tag} as a tag name`);
    const texts = Object.entries({ ...this.tags, ...tags }).map(([tag, text]) => [tag, String(text)] as const);
    return Object.freeze({
      name: String(name),
      group: GROUP,
      description: String(description),
      tags: Object.freeze(Object.fromEntries(texts)),
    });
  }

  addMetric(metricName: MetricName, value: () => number): void {
    this.add(metricName, { value });
    this.asking ??= setInterval(this.onChange, ASK_EVERY_MS).unref();
  }

  removeMetric(metricName: MetricName): void {
    this.checkOpen();
    if (!this.metrics.delete(keyOf(metricName))) throw wrongArgument(`Unknown metric ${shown(metricName)}`);
    this.changed();
  }

  addSensor(name: string): Sensor {
    this.checkOpen();
    if (this.sensors.has(name)) throw wrongArgument(`Sensor ${name} already exists`);
    const sensor = new RecordingSensor(name, (own, metricName, stat) => this.add(metricName, { sensor: own, stat }), this.onChange);
    this.sensors.set(name, sensor);
    return sensor;
  }

  removeSensor(name: string): void {
    this.checkOpen();
    const sensor = this.sensors.get(name);
    if (!this.sensors.delete(name)) throw wrongArgument(`Unknown sensor ${name}`);
    for (const [key, { origin }] of this.metrics) if ('sensor' in origin && origin.sensor === sensor) this.metrics.delete(key);
    this.changed();
  }

  /** The plugin is gone, and its metrics with it: the next report says so. */
  close(): void {
    this.isClosed = true;
    clearInterval(this.asking);
    this.hasChanged = this.metrics.size > 0 || this.hasChanged;
    for (const sensor of this.sensors.values()) sensor.close();
    this.metrics.clear();
    this.sensors.clear();
  }

  /** What is to be reported; null where there is nothing, and was nothing before. Never throws. */
  take(): PluginReport | null {
    if (this.metrics.size === 0 && !this.hasChanged) return null;
    const listed: PluginMetric[] = [];
    const values: number[] = [];
    const places = new Map<RecordingSensor, number>();
    for (const { name, origin } of this.metrics.values()) {
      if ('value' in origin) {
        listed.push({ name, stat: null, at: values.push(ask(origin.value)) - 1 });
        continue;
      }
      const { sensor, stat } = origin;
      const at = places.get(sensor) ?? values.length;
      if (!places.has(sensor)) values.push(...sensor.values);
      places.set(sensor, at);
      listed.push({ name, stat, at });
    }
    for (const sensor of places.keys()) sensor.values.set([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], SENSOR_VALUES.highest);
    const report = { metrics: this.hasChanged ? listed : null, values: Float64Array.from(values) };
    this.hasChanged = false;
    return report;
  }

  private add(metricName: MetricName, origin: Origin): void {
    this.checkOpen();
    const key = keyOf(metricName);
    if (this.metrics.has(key)) throw wrongArgument(`Metric ${shown(metricName)} already exists`);
    if (this.metrics.size >= MAX_METRICS)
      throw new ConnectError(
        'IllegalStateException',
        `Metric ${shown(metricName)} is one too many: a plugin may have ${MAX_METRICS}. Remove those that are not needed, or use fewer tags`,
      );
    this.metrics.set(key, { name: metricName, origin });
    this.changed();
  }

  private changed(): void {
    this.hasChanged = true;
    this.onChange();
  }

  private checkOpen(): void {
    if (this.isClosed) throw new ConnectError('IllegalStateException', 'This PluginMetrics instance is closed');
  }
}

/** Equal for metrics that are the same. */
export function keyOf({ name, tags }: MetricName): string {
  return JSON.stringify([name, ...Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** As Java shows a MetricName. */
function shown({ name, group, description, tags }: MetricName): string {
  const texts = Object.entries(tags).map(([tag, text]) => `${tag}=${text}`);
  return `MetricName [name=${name}, group=${group}, description=${description}, tags={${texts.join(', ')}}]`;
}

function wrongArgument(message: string): ConnectError {
  return new ConnectError('IllegalArgumentException', message);
}

function ask(value: () => number): number {
  try {
    return Number(value());
  } catch {
    return Number.NaN;
  }
}
