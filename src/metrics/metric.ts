/** What a metric is: a row of the catalogue. */

/**
 * What its number is, and who makes it. A task counts `total` (it grows), `level` (as it is now), `highest` and `lowest` (of what was
 * seen); `rate`, `average`, `share`, `highest` and `lowest` are of the sample windows, which the main thread keeps. `state` is looked up on
 * the main thread when somebody asks. `text` is no number. `absent` is known to Kafka Connect and means nothing in this worker.
 */
export type MetricType = 'total' | 'level' | 'highest' | 'lowest' | 'rate' | 'average' | 'share' | 'state' | 'text' | 'absent';

/** What is counted or measured. */
export type Unit =
  | 'records'
  | 'records/s'
  | 'ms'
  | 'epoch ms'
  | 'bytes'
  | 'fraction'
  | 'partitions'
  | 'tasks'
  | 'connectors'
  | 'commits'
  | 'commits/s'
  | 'events'
  | 'text';

/** A row of the catalogue. */
export interface Metric<T extends MetricType = MetricType> {
  /** Type of Connect's MBean, `kafka.connect:type=<group>`; `OWN_GROUP` for what Java does not have. */
  readonly group: string;
  /** Attribute of that MBean. */
  readonly name: string;
  readonly type: T;
  readonly unit: Unit;
  /** One sentence. */
  readonly help: string;
  /** Names of the totals that it is made of: of a rate one, of an average or share the part and the whole. */
  readonly of: readonly string[];
}

/** What Java does not have, or has no name for. */
export const OWN_GROUP = 'connect-standalone-task-metrics';

/** Makes rows of one group. */
export class MetricGroup {
  constructor(private readonly group: string) {}

  /** Grows by what is added to it. */
  total(name: string, unit: Unit, help: string): Metric<'total'> {
    return this.row('total', name, unit, help);
  }

  /** As it is now; it may fall. */
  level(name: string, unit: Unit, help: string): Metric<'level'> {
    return this.row('level', name, unit, help);
  }

  /** The highest of the sample windows. */
  highest(name: string, unit: Unit, help: string): Metric<'highest'> {
    return this.row('highest', name, unit, help);
  }

  /** The lowest of the sample windows. */
  lowest(name: string, unit: Unit, help: string): Metric<'lowest'> {
    return this.row('lowest', name, unit, help);
  }

  /** A total by the second, over the sample windows. */
  rate(name: string, unit: Unit, total: string, help: string): Metric<'rate'> {
    return this.row('rate', name, unit, help, [total]);
  }

  /** What a sum has grown by, divided by what a count has, over the sample windows; not a number where nothing was counted. */
  average(name: string, unit: Unit, [sum, count]: readonly [string, string], help: string): Metric<'average'> {
    return this.row('average', name, unit, help, [sum, count]);
  }

  /** The same, between 0 and 1, and 0 where nothing was counted (org.apache.kafka.common.metrics.stats.Frequencies). */
  share(name: string, [part, whole]: readonly [string, string], help: string): Metric<'share'> {
    return this.row('share', name, 'fraction', help, [part, whole]);
  }

  /** Looked up on the main thread. */
  state(name: string, unit: Unit, help: string): Metric<'state'> {
    return this.row('state', name, unit, help);
  }

  text(name: string, help: string): Metric<'text'> {
    return this.row('text', name, 'text', help);
  }

  /** @param why it means nothing here */
  absent(name: string, unit: Unit, why: string): Metric<'absent'> {
    return this.row('absent', name, unit, why);
  }

  private row<T extends MetricType>(type: T, name: string, unit: Unit, help: string, of: readonly string[] = []): Metric<T> {
    return { group: this.group, name, type, unit, help, of };
  }
}
