/** Metrics of a plugin's own (KIP-877; org.apache.kafka.common.metrics.PluginMetrics), shown beside those of the worker. */

/** A metric by what it is called. Two with the same name and tags are the same metric. */
export interface MetricName {
  readonly name: string;
  /** `plugins`, for all. */
  readonly group: string;
  readonly description: string;
  /** With those that say whose it is: `connector` and, of a task, `task`. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * What is made of the values that a sensor records, by the names of Kafka's classes. `Rate` is by the second; `Rate`, `Avg`, `Max` and
 * `Min` are of the last while (`metrics.num.samples` times `metrics.sample.window.ms` of the worker), `CumulativeSum` and `CumulativeCount`
 * of all values, and `Value` is the last one.
 */
export type MetricStat = 'Rate' | 'Avg' | 'Max' | 'Min' | 'CumulativeSum' | 'CumulativeCount' | 'Value';

/** Records values, of which metrics are made. To record costs a few additions, so that it may be done for each record. */
export interface Sensor {
  readonly name: string;
  /**
   * Makes a metric of what is recorded from now on.
   * @throws IllegalArgumentException if there is a metric of this name already
   */
  add(metricName: MetricName, stat: MetricStat): void;
  /** @param value 1 if absent */
  record(value?: number): void;
}

/**
 * What a plugin registers its metrics with; all of them are removed when it is closed, after `stop`. Every method throws
 * IllegalStateException from then on. At most 1000 metrics.
 */
export interface PluginMetrics {
  /**
   * Names a metric; it is not there before it is added.
   * @param tags texts that tell apart what has the same name
   * @throws IllegalArgumentException for a tag that says whose it is
   */
  metricName(name: string, description: string, tags?: Readonly<Record<string, string>>): MetricName;
  /**
   * A metric whose value is asked for a few times a second while the task moves records, and every few seconds otherwise. An error counts
   * as not a number.
   * @throws IllegalArgumentException if there is a metric of this name already
   */
  addMetric(metricName: MetricName, value: () => number): void;
  /** @throws IllegalArgumentException if there is none of this name */
  removeMetric(metricName: MetricName): void;
  /** @param name unlike those of the plugin's other sensors @throws IllegalArgumentException if there is one of this name */
  addSensor(name: string): Sensor;
  /** Removes a sensor with its metrics. @throws IllegalArgumentException if there is none of this name */
  removeSensor(name: string): void;
}
