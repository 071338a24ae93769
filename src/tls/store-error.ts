/** Problems of a key store, without its location; the caller, who knows setting and file, completes the message. */

/** `password`: wrong or missing; `key-password`: the same, of one private key; `format`: broken, or not supported. */
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
