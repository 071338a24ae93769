/** The parts of a `jdbc:` URL. */

/** Databases with a dialect. */
export type DatabaseKind = 'postgresql' | 'mysql' | 'mariadb' | 'sqlite' | 'oracle' | 'sqlserver';

export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** The address of a database, and how to log in. */
export interface JdbcAddress {
  readonly kind: DatabaseKind;
  /** To be tried in this order; none for SQLite. */
  readonly hosts: readonly HostPort[];
  /** Each new connection begins with a random host (`loadbalance:`). */
  readonly anyHostFirst?: boolean;
  /** Name of the database; the file for SQLite, the service for Oracle; empty where the URL names none. */
  readonly database: string;
  readonly user: string | null;
  readonly password: string | null;
  /** Parameters of the URL, and settings `connection.*` over them; names as the user wrote them. */
  readonly properties: Properties;
  /** The URL without secrets, for messages. */
  readonly display: string;
}

/** The hosts in the order in which a new connection tries them. */
export function hostsToTry({ hosts, anyHostFirst = false }: JdbcAddress): readonly HostPort[] {
  if (!anyHostFirst) return hosts;
  const first = Math.floor(Math.random() * hosts.length);
  return [...hosts.slice(first), ...hosts.slice(0, first)];
}

/** Parameters by name, not case-sensitive, since drivers differ in case. */
export class Properties {
  /** By name in lower case: name and value as the user wrote them. */
  private readonly byName = new Map<string, readonly [name: string, value: string]>();

  constructor(entries: Iterable<readonly [string, string]>) {
    for (const entry of entries) this.byName.set(entry[0].toLowerCase(), entry);
  }

  /** Names as the user wrote them, with their values. */
  [Symbol.iterator](): Iterator<readonly [name: string, value: string]> {
    return this.byName.values();
  }

  /** The value of the first of these names that is set, or undefined. */
  get(...names: readonly string[]): string | undefined {
    const name = names.find(candidate => this.byName.has(candidate.toLowerCase()));
    return name === undefined ? undefined : this.byName.get(name.toLowerCase())?.[1];
  }

  /** True for `true`, `yes`, `1`, and for a name without a value. */
  isSet(...names: readonly string[]): boolean {
    return ['', 'true', 'yes', '1'].includes((this.get(...names) ?? 'false').toLowerCase());
  }

  /** A whole number; undefined if there is none. */
  getNumber(...names: readonly string[]): number | undefined {
    const text = this.get(...names);
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
  }

  /** Both together; the other's values take precedence. */
  with(other: Iterable<readonly [string, string]>): Properties {
    return new Properties([...this.byName.values(), ...other]);
  }

  /** Values that must not be shown. */
  secrets(): string[] {
    return [...this.byName].filter(([name]) => /pass|pwd|secret|token|credential/.test(name)).map(([, [, value]]) => value);
  }
}
