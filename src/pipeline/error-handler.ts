/** What happens to a record that fails: tolerance, counting and logging, decided in this one place (sections `errors.*` of a connector). */
import { ConnectError, javaStackTrace, toError } from '../errors';
import type { Logger } from '../log';

/** Where a record failed (org.apache.kafka.connect.runtime.errors.Stage). */
export type Stage =
  | 'TASK_POLL'
  | 'TRANSFORMATION'
  | 'KEY_CONVERTER'
  | 'VALUE_CONVERTER'
  | 'HEADER_CONVERTER'
  | 'KAFKA_PRODUCE'
  | 'TASK_PUT'
  | 'KAFKA_CONSUME';

/** The settings this stage reads, parsed. */
export interface ErrorSettings {
  readonly tolerance: 'none' | 'all';
  readonly logEnabled: boolean;
  readonly includeMessages: boolean;
}

/** One failure of one record. */
export interface RecordFailure {
  readonly stage: Stage;
  /** Java class name of the plugin that failed. */
  readonly className: string;
  readonly error: unknown;
  /** Which record, e.g. `consumed record is {topic='t', ...}`; asked for only when messages are logged. */
  readonly describe: () => string;
}

export class ErrorHandler {
  /** Records left out so far. */
  skipped = 0;

  constructor(
    private readonly taskId: string,
    private readonly settings: ErrorSettings,
    private readonly logger: Logger,
  ) {}

  /**
   * Answers a failed record: returns when it is to be left out.
   * @throws ConnectException `Tolerance exceeded in error handler` when errors are not tolerated
   */
  skipOrThrow(failure: RecordFailure): void {
    if (this.settings.logEnabled) this.report(failure);
    if (this.settings.tolerance === 'none') {
      throw new ConnectError('ConnectException', 'Tolerance exceeded in error handler', toError(failure.error));
    }
    this.skipped++;
    if (this.skipped === 1 && !this.settings.logEnabled) {
      this.logger.warn(
        `A record was left out at stage ${failure.stage}, since errors.tolerance=all: ${toError(failure.error).message} ` +
          'Further ones are only counted; errors.log.enable=true logs each.',
      );
    }
  }

  private report({ stage, className, error, describe }: RecordFailure): void {
    const which = this.settings.includeMessages ? `, where ${describe()}` : '';
    this.logger.error(
      `Error encountered in task ${this.taskId}. Executing stage '${stage}' with class '${className}'${which}.\n${javaStackTrace(error).trimEnd()}`,
    );
  }
}
