/** A row of the table of client settings, and how Java's type and defaults are added to it. */
import { type ConfigType, convertToString, NO_DEFAULT, type Validator } from '../../api/config-def';
import { CLIENT_DEFS, type ClientType } from '../../config/clients/client-keys';

/** The kinds of Java clients. */
export type ClientKind = ClientType;

/**
 * How a key is handled: `direct` sets librdkafka's keys to its value, `rule` derives them from several keys, `caller` is for the code
 * around the client, `none` has no effect here.
 */
export type Handling = 'direct' | 'rule' | 'caller' | 'none';

interface Options {
  /** librdkafka's range if it is narrower than Java's: values outside are moved to the nearest, with a warning. */
  readonly range?: readonly [min: number, max: number];
  /** Default instead of Java's, where it differs on purpose (see the note). */
  readonly ownDefault?: string;
  /** Translates Java's value to librdkafka's. */
  readonly convert?: (value: string) => string;
}

/** A setting of Java's clients and its counterpart. */
export interface ClientRow extends Options {
  readonly javaKey: string;
  /** The clients it applies to; absent: all that have the key in Java. */
  readonly who?: readonly ClientKind[];
  readonly handling: Handling;
  /** The keys that get the value, or that the rule sets. */
  readonly librdkafka: readonly string[];
  /** For the reference page: what differs from Java and why; for `none`, why it has no effect. */
  readonly note: string;
}

/** A row with the definition of its key in src/config. */
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

/** A key that is handled by a rule; `librdkafka` names the keys that the rule can set. */
export function rule(javaKey: string, librdkafka: readonly string[], note: string): ClientRow {
  return { javaKey, handling: 'rule', librdkafka, note };
}

/** A key for the code around the client. */
export function caller(javaKey: string, note: string): ClientRow {
  return { javaKey, handling: 'caller', librdkafka: [], note };
}

/** A key without effect here; `why` is shown to the user. */
export function none(javaKey: string, why: string): ClientRow {
  return { javaKey, handling: 'none', librdkafka: [], note: why };
}

const EVERY_CLIENT = Object.keys(CLIENT_DEFS) as ClientKind[];

/** The row with Java's type and default; if the default differs by client, a row for each. */
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
