/** How a row of the client settings' table is written. */

/** The Java clients that take settings. */
export type ClientKind = 'producer' | 'consumer' | 'admin';

/** Java's types of values. */
export type ValueType = 'BOOLEAN' | 'STRING' | 'INT' | 'SHORT' | 'LONG' | 'DOUBLE' | 'LIST' | 'CLASS' | 'PASSWORD';

/** Java's check of a value. */
export interface ValueCheck {
  readonly min?: number;
  readonly max?: number;
  readonly oneOf?: readonly string[];
  /** For `oneOf`. */
  readonly ignoreCase?: boolean;
  readonly nonEmpty?: boolean;
}

/**
 * What becomes of a key: `direct` sets librdkafka's keys to its value, `rule` is worked out together with other keys, `caller` is
 * for the code around the client, `none` has no meaning here.
 */
export type Handling = 'direct' | 'rule' | 'caller' | 'none';

/** One setting of a Java client and what it is here. */
export interface ClientKey {
  readonly javaKey: string;
  readonly who: readonly ClientKind[];
  readonly type: ValueType;
  /** Java's default as text; null where there is none. */
  readonly javaDefault: string | null;
  readonly handling: Handling;
  /** The keys that get the value, or that the rule sets. */
  readonly librdkafka: readonly string[];
  /** For the reader: what differs from Java and why; for `none` the reason why it has no effect. */
  readonly note: string;
  readonly check?: ValueCheck;
  /** What librdkafka takes where that is narrower than Java: values are moved to the nearest, with a warning. */
  readonly range?: readonly [min: number, max: number];
  /** Default instead of Java's, where it differs on purpose (see the note). */
  readonly ownDefault?: string;
  /** Java's words in librdkafka's. */
  readonly convert?: (value: string) => string;
}

export const EVERY_CLIENT: readonly ClientKind[] = ['producer', 'consumer', 'admin'];
export const PRODUCER: readonly ClientKind[] = ['producer'];
export const CONSUMER: readonly ClientKind[] = ['consumer'];
export const ADMIN: readonly ClientKind[] = ['admin'];

type Options = Pick<ClientKey, 'check' | 'range' | 'ownDefault' | 'convert'>;
type Head = readonly [who: readonly ClientKind[], type: ValueType, javaDefault: string | null];

/** A key whose value goes to librdkafka's keys. */
export function direct(
  javaKey: string,
  [who, type, javaDefault]: Head,
  librdkafka: readonly string[],
  note = '',
  options: Options = {},
): ClientKey {
  return { javaKey, who, type, javaDefault, handling: 'direct', librdkafka, note, ...options };
}

/** A key that is worked out with others; `librdkafka` names what it can set. */
export function rule(
  javaKey: string,
  [who, type, javaDefault]: Head,
  librdkafka: readonly string[],
  note: string,
  check: ValueCheck = {},
): ClientKey {
  return { javaKey, who, type, javaDefault, handling: 'rule', librdkafka, note, check };
}

/** A key for the code around the client. */
export function caller(javaKey: string, [who, type, javaDefault]: Head, note: string, check: ValueCheck = {}): ClientKey {
  return { javaKey, who, type, javaDefault, handling: 'caller', librdkafka: [], note, check };
}

/** A key without meaning here; `why` is what the user reads. */
export function none(javaKey: string, [who, type, javaDefault]: Head, why: string, check: ValueCheck = {}): ClientKey {
  return { javaKey, who, type, javaDefault, handling: 'none', librdkafka: [], note: why, check };
}
