/** What all kits are made of: named checks that any test framework can run, and the words in which they fail. */
import { ConnectError, type ErrorCode } from '../api';
import { type Random, seeded } from './data/random';
import { textOf } from './data/text-of';

/** One thing that a plugin must do. Checks share nothing, and may run in any order. */
export interface Check {
  readonly name: string;
  /** Resolves where the plugin does it. @throws Error that says what it did instead */
  readonly run: () => Promise<void>;
}

export function check(name: string, run: () => void | Promise<void>): Check {
  return { name, run: async () => run() };
}

/** @throws Error with this message unless the condition holds */
export function demand(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(message);
}

/** @throws Error that shows both unless they hold the same */
export function demandSame(found: unknown, wanted: unknown, what: string): void {
  const [foundText, wantedText] = [textOf(found), textOf(wanted)];
  demand(foundText === wantedText, `${what}: expected ${shortened(wantedText)}, found ${shortened(foundText)}`);
}

const MAX_SHOWN = 600;

/** A text, short enough for a message. */
export const shortened = (text: string): string => (text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}...` : text);

/** An error in words, with its kind. */
export function errorText(error: unknown): string {
  return error instanceof ConnectError ? `${error.code}: ${error.message}` : String(error);
}

/** What an action throws or rejects with; undefined if it does neither. */
export async function errorOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return error ?? new Error('nothing in particular');
  }
}

/** As in Java, where the others are kinds of DataException. */
const DATA_EXCEPTIONS: readonly ErrorCode[] = ['DataException', 'SchemaBuilderException', 'SchemaProjectorException'];

/** True for the error of data that cannot be used. */
export function isDataException(error: unknown): boolean {
  return error instanceof ConnectError && DATA_EXCEPTIONS.includes(error.code);
}

/** Something has not come back in time. */
class LateError extends Error {}

/** True for the error of `within`. */
export const isLate = (error: unknown): boolean => error instanceof LateError;

/** Waits, but not for ever. @throws Error that names what did not come back within this time */
export async function within<T>(limitMs: number, what: string, promise: T | Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new LateError(`${what} did not come back within ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** So many random data are tried, each with a seed of its own. */
const CASES = 200;

/** Runs with many seeds; a failure names its own. */
export function withSeeds(run: (random: Random) => void): void {
  for (let seed = 1; seed <= CASES; seed++) {
    try {
      run(seeded(seed));
    } catch (error) {
      throw new Error(`seed ${seed}: ${errorText(error)}`, { cause: error });
    }
  }
}
