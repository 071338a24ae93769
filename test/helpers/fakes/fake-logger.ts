import { javaStackTrace } from '../../../src/errors';
import type { Logger, LogLevel } from '../../../src/log';

/** A logger that keeps its lines as `LEVEL message`, with the first line of the error if there is one. */
export function fakeLogger(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const write = (level: LogLevel, message: string | (() => string), error?: unknown): void => {
    const trace = error === undefined ? '' : ` <- ${javaStackTrace(error).split('\n')[0]}`;
    lines.push(`${level} ${typeof message === 'string' ? message : message()}${trace}`);
  };
  const logger = {
    lines,
    context: '',
    trace: (message: string | (() => string)) => write('TRACE', message),
    debug: (message: string | (() => string)) => write('DEBUG', message),
    info: (message: string) => write('INFO', message),
    warn: (message: string, error?: unknown) => write('WARN', message, error),
    error: (message: string, error?: unknown) => write('ERROR', message, error),
    withContext: () => logger,
    isEnabled: () => true,
  };
  return logger;
}
