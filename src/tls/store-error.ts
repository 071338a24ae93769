/** What may be wrong with a key store, apart from where it lies; whoever knows the setting and the file makes the message of it. */

/** `password`: wrong or missing; `key-password`: the same, of one private key; `format`: broken, or nothing that can be read here. */
export type StoreProblem = 'password' | 'key-password' | 'format';

/** Thrown by the readers of stores; the message never holds a password. */
export class StoreError extends Error {
  constructor(
    readonly problem: StoreProblem,
    message: string,
  ) {
    super(message);
  }
}
