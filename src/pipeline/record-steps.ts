/** The way of a record as a list of steps: converters and transformations. All of it is synchronous, as long as nothing fails. */
import type { ErrorHandler, Outcome } from './error-handler';
import type { FailedRecord, Stage } from './failed-record';

/** One operation on a record. @typeParam D what a record is while it is under way; steps change it */
export interface RecordStep<D> {
  readonly stage: Stage;
  /** Java class name of the plugin, for errors and logs. */
  readonly className: string;
  /** May be called again on the same draft after it has thrown. @returns false to drop the record */
  run(draft: D): boolean;
}

/** Takes records through their steps, and lets the error handler answer the step that fails. @typeParam D see `RecordStep` */
export class RecordSteps<D> {
  /** @param originalOf the record of a draft before its first step, for reports */
  constructor(
    private readonly steps: readonly RecordStep<D>[],
    private readonly errors: ErrorHandler,
    private readonly originalOf: (draft: D) => FailedRecord,
  ) {}

  /**
   * Takes a draft through all steps, which change it. A promise comes back only where a step has failed; until it is settled the
   * draft must be left alone.
   * @throws ConnectException (as a rejection) when errors are not tolerated
   */
  run(draft: D): Outcome | Promise<Outcome> {
    return this.runFrom(draft, 0);
  }

  private runFrom(draft: D, first: number): Outcome | Promise<Outcome> {
    const { steps } = this;
    for (let i = first; i < steps.length; i++) {
      const step = steps[i] as RecordStep<D>;
      try {
        if (!step.run(draft)) return 'dropped';
      } catch (error) {
        return this.recover(draft, i, error);
      }
    }
    return 'kept';
  }

  private async recover(draft: D, at: number, error: unknown): Promise<Outcome> {
    const step = this.steps[at] as RecordStep<D>;
    const { stage, className } = step;
    const original = (): FailedRecord => this.originalOf(draft);
    const outcome = await this.errors.handle({ stage, className, error, original }, () => step.run(draft));
    return outcome === 'kept' ? this.runFrom(draft, at + 1) : outcome;
  }
}
