/** How a row of the client settings' table is written, and how it gets Java's facts. */
import { type ConfigType, convertToString, NO_DEFAULT, type Validator } from '../../api/config-def';
import { CLIENT_DEFS, type ClientType } from '../../config/clients/client-keys';

/** The Java clients that take settings. */
export type ClientKind = ClientType;

/**
 * What becomes of a key: `direct` sets librdkafka's keys to its value, `rule` is worked out together with other keys, `caller` is
 * for the code around the client, `none` has no meaning here.
 */
export type Handling = 'direct' | 'rule' | 'caller' | 'none';

interface Options {
  /** What librdkafka takes where that is narrower than Java: values are moved to the nearest, with a warning. */
  readonly range?: readonly [min: number, max: number];
  /** Default instead of Java's, where it differs on purpose (see the note). */
  readonly ownDefault?: string;
  /** Java's words in librdkafka's. */
  readonly convert?: (value: string) => string;
}

/** What a setting of Java's clients is here. */
export interface ClientRow extends Options {
  readonly javaKey: string;
  /** The clients it is for; absent: all that have the key in Java. */
  readonly who?: readonly ClientKind[];
  readonly handling: Handling;
  /** The keys that get the value, or that the rule sets. */
  readonly librdkafka: readonly string[];
  /** For the reader: what differs from Java and why; for `none` the reason why it has no effect. */
  readonly note: string;
}

/** A row together with what the definitions in src/config say of its key. */
export interface ClientKey extends ClientRow {
  readonly who: readonly ClientKind[];
  readonly type: ConfigType;
  /** Java's default as text; null where there is none. */
  readonly javaDefault: string | null;
  readonly validator: Validator | undefined;
}

/** A key whose value goes to librdkafka's keys. */
export function direct(javaKey: string, librdkafka: readonly string[], note = '', options: Options = {}): ClientRow {
  return { javaKey, handling: 'direct', librdkafka, note, ...options };
}

/** A key that is worked out with others; `librdkafka` names what it can set. */
export function rule(javaKey: string, librdkafka: readonly string[], note: string): ClientRow {
  return { javaKey, handling: 'rule', librdkafka, note };
}

/** A key for the code around the client. */
export function caller(javaKey: string, note: string): ClientRow {
  return { javaKey, handling: 'caller', librdkafka: [], note };
}

/** A key without meaning here; `why` is what the user reads. */
export function none(javaKey: string, why: string): ClientRow {
  return { javaKey, handling: 'none', librdkafka: [], note: why };
}

const EVERY_CLIENT = Object.keys(CLIENT_DEFS) as ClientKind[];

/** The row with Java's facts; where the default differs by client, a row for each. */
export function withJavaFacts(row: ClientRow): ClientKey[] {
  const keys = new Map<string | null, ClientKey>();
  for (const kind of row.who ?? EVERY_CLIENT) {
    const definition = CLIENT_DEFS[kind].keys.get(row.javaKey);
    if (definition === undefined) continue;
    const { type, defaultValue, validator } = definition;
    const javaDefault = defaultValue === NO_DEFAULT ? null : convertToString(defaultValue, type);
    keys.set(javaDefault, { ...row, who: [...(keys.get(javaDefault)?.who ?? []), kind], type, javaDefault, validator });
  }
  return [...keys.values()];
}
