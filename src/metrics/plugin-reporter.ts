/** The metrics that a connector registers, and the way of them to the main thread. */
import { type PluginReport, RegisteredMetrics } from './plugin-metrics';
import { Throttle } from './throttle';

/** As often as tasks report. */
export const REPORT_EVERY_MS = 200;

export class PluginReporter {
  readonly metrics: RegisteredMetrics;
  private readonly reports: Throttle;

  /** @param post takes each report, which is its own from then on */
  constructor(connector: string, post: (report: PluginReport) => void) {
    this.metrics = new RegisteredMetrics({ connector }, () => this.reports.wanted());
    this.reports = new Throttle(REPORT_EVERY_MS, () => {
      const report = this.metrics.take();
      if (report) post(report);
    });
  }

  /** The connector is gone, and its metrics with it. */
  close(): void {
    this.metrics.close();
    this.reports.now();
  }
}
