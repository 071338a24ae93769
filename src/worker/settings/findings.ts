/** What is wrong with the settings of the worker, collected while they are read, so that a user is told of all mistakes in one go. */
import type { ProblemListener } from '../../api/config-def';
import type { OriginOf } from '../../config/files/setting';
import { describeFinding, type Finding } from '../../config/validation/findings';
import { ConnectError, SettingError, toError } from '../../errors';
import { type Hidden, hideSecrets, hideValues } from '../../secrets';

/** A finding of the worker's file. */
export interface WorkerFinding extends Finding {
  /** The error whose message the text is. */
  readonly error: ConnectError;
}

export class FindingCollector {
  private readonly found: { key: string | null; error: ConnectError }[] = [];

  /** Takes a problem. Only the first of each setting counts, since others may follow from it. */
  readonly report: ProblemListener = (key, error) => {
    if (key === null || !this.isWrong(key)) this.found.push({ key, error });
  };

  isWrong(key: string): boolean {
    return this.found.some(({ key: wrong }) => wrong === key);
  }

  /** Checks one setting, unless it has a problem already. @returns undefined if it has a problem */
  check<T>(key: string, check: () => T): T | undefined {
    if (this.isWrong(key)) return undefined;
    try {
      return check();
    } catch (thrown) {
      const error = toError(thrown);
      this.report(key, error instanceof ConnectError ? error : new ConnectError('ConfigException', error.message, error));
      return undefined;
    }
  }

  /** @param hiddenOf values that a text about a setting must not show */
  list(originOf: OriginOf, hiddenOf: (key: string) => readonly Hidden[]): WorkerFinding[] {
    return this.found.map(({ key, error }) => {
      const text = hideSecrets(hideValues(error.message, hiddenOf(key ?? '')));
      return { key, error, text, origin: originOf(key ?? '') };
    });
  }
}

/** The worker's settings are unusable; nothing was opened. */
export class UnusableWorkerSettings extends ConnectError {
  /** One for each finding, with the line of the setting. */
  readonly errors: readonly ConnectError[];

  constructor(findings: readonly WorkerFinding[], workerFile: string) {
    const errors = findings.map(finding => withText(finding.error, describeFinding(finding, workerFile)));
    super('ConfigException', errors.map(({ message }) => message).join('\n'));
    this.errors = errors;
  }
}

function withText(error: ConnectError, text: string): ConnectError {
  return error instanceof SettingError ? new SettingError(error.key, text, error.cause) : new ConnectError(error.code, text, error.cause);
}
