/** Access to test/fixtures from compiled tests, and the parts of the vector format that tests of settings share. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRepository } from '../paths';

const FIXTURES = inRepository('test', 'fixtures');

/** A JSON fixture by its path below test/fixtures; the caller says what it holds. */
export function readFixture<T>(path: string): T {
  return JSON.parse(readFileSync(join(FIXTURES, path), 'utf8')) as T;
}

/** The error of a vector; a missing message means that only the class counts. */
export interface VectorError {
  readonly class: string;
  readonly message?: string | null;
  readonly match: 'exact' | 'prefix' | 'class';
}

/** One case of a vector file: input and either result or error. */
export interface VectorCase<I, E> {
  readonly name: string;
  readonly input: I;
  readonly expect?: E;
  readonly error?: VectorError;
}

/** The cases of a vector file. */
export function readVectors<C>(path: string): C[] {
  return readFixture<{ cases: C[] }>(`vectors/${path}`).cases;
}

/** What a call throws, as class and message of the vectors. */
export function errorOf(call: () => unknown): { class: string; message: string } {
  try {
    call();
  } catch (error) {
    const { name, message } = error as Error;
    return { class: name, message };
  }
  throw new Error('Nothing was thrown.');
}

/** The text of a variable: `env:X` in `$` and braces. */
export function variable(inner: string): string {
  return `$\{${inner}}`;
}
