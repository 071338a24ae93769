/** The metrics of a plugin on the main thread. */
import type { MetricStat } from '../api/plugin-metrics';
import type { MetricType } from './metric';
import { keyOf, type PluginMetric, type PluginReport, SENSOR_VALUES } from './plugin-metrics';
import { type CellRow, Readings } from './readings';
import type { Measurement } from './registry';
import type { SampleSettings } from './samples';

/** What is made of the values of a sensor: the type of metric, and the values behind it. */
const MADE_OF: Readonly<Record<MetricStat, readonly [MetricType, part: keyof typeof SENSOR_VALUES, whole?: keyof typeof SENSOR_VALUES]>> = {
  Rate: ['rate', 'sum'],
  Avg: ['average', 'sum', 'count'],
  Max: ['highest', 'highest'],
  Min: ['lowest', 'lowest'],
  CumulativeSum: ['total', 'sum'],
  CumulativeCount: ['total', 'count'],
  Value: ['level', 'last'],
};

/** A metric with the readings of its own, since others come and go. */
interface Known {
  readonly metric: PluginMetric;
  readonly type: MetricType;
  readonly part: number;
  readonly whole: number;
  readonly readings: Readings;
}

/** A metric is read by itself: its part and its whole. */
const OWN_ROW = (type: MetricType): CellRow[] => [{ type, part: 0, whole: 1 }];

export class PluginReadings {
  private known = new Map<string, Known>();

  constructor(private readonly settings: SampleSettings) {}

  /** Takes a report. @param nowMs epoch milliseconds */
  take({ metrics, values }: PluginReport, nowMs: number): void {
    if (metrics) this.known = new Map(metrics.map(metric => [keyOf(metric.name), this.know(metric)]));
    for (const { part, whole, readings } of this.known.values())
      readings.take(Float64Array.of(values[part] as number, values[whole] as number), nowMs);
  }

  /** What was recorded before counts on, where a metric stays. */
  private know(metric: PluginMetric): Known {
    const { stat, at } = metric;
    const [type, part, whole = part] = stat === null ? (['level', 'sum'] as const) : MADE_OF[stat];
    const before = this.known.get(keyOf(metric.name));
    const readings = before?.type === type ? before.readings : new Readings(OWN_ROW(type), new Float64Array(2), this.settings);
    return { metric, type, part: at + SENSOR_VALUES[part], whole: at + SENSOR_VALUES[whole], readings };
  }

  /** What they are now. @param nowMs epoch milliseconds */
  measurements(nowMs: number): Measurement[] {
    return [...this.known.values()].map(({ metric: { name }, type, readings }) => ({
      metric: { group: name.group, name: name.name, type, unit: 'events', help: name.description },
      tags: name.tags,
      value: readings.value(0, nowMs),
    }));
  }
}
