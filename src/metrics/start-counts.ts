/** How many starts there were, and how they ended (org.apache.kafka.connect.runtime.WorkerMetricsGroup). */
import { type SampleSettings, Samples } from './samples';

export class StartCounts {
  successes = 0;
  failures = 0;
  private readonly samples: Samples;

  constructor(settings: SampleSettings) {
    this.samples = new Samples(settings);
  }

  /** A start has ended. @param nowMs epoch milliseconds */
  count(succeeded: boolean, nowMs: number): void {
    if (succeeded) this.successes++;
    else this.failures++;
    this.samples.record(nowMs, succeeded ? 1 : 0);
  }

  /** The parts of the starts in the sample windows that succeeded and failed; 0 each where there were none. */
  shares(nowMs: number): { succeeded: number; failed: number } {
    const succeeded = this.samples.average(nowMs);
    return Number.isNaN(succeeded) ? { succeeded: 0, failed: 0 } : { succeeded, failed: 1 - succeeded };
  }
}
