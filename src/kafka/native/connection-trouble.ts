/** Explains why a client cannot connect to its brokers: librdkafka's lines name neither the mistake nor Java's settings. */

/** librdkafka's texts, and what they mean. The first match counts; `$1` and so on are filled in. */
const MEANINGS: readonly (readonly [RegExp, string])[] = [
  [/Connect to \S+ failed: Connection refused/, 'connection refused, nothing listens there'],
  [/Connect to \S+ failed: (.+)/, 'cannot be reached: $1'],
  [/Failed to resolve|Host resolution failure/, 'the name of this host is not known'],
  [/Metadata request failed: .*Required feature not supported/, 'this is a KRaft controller, not a broker: use the port of a broker'],
  // "HTTP" and the header of a TLS alert, read as the length of a response.
  [/Invalid response size 1213486160\b/, 'it answers in HTTP, so it is not a Kafka broker'],
  [/Invalid response size 352[345]\d{5}\b/, 'it speaks TLS: set security.protocol to SSL or SASL_SSL'],
  [/Invalid response size/, 'it does not answer like a Kafka broker'],
  [
    /PLAINTEXT broker listener|wrong version number|SSL connection closed by peer|Disconnected.*SSL_HANDSHAKE/,
    'it breaks off the TLS handshake: it may not speak TLS at this port (security.protocol PLAINTEXT or SASL_PLAINTEXT), or want a certificate ' +
      'of the client (ssl.keystore.location)',
  ],
  [
    /Disconnected.*in state APIVERSION_QUERY/,
    'it closes the connection at once: it may want SASL or TLS (security.protocol), or it is not a Kafka broker',
  ],
  [/Disconnected.*in state UP/, 'it closes the connection: it may want SASL or TLS (security.protocol)'],
  [
    /ApiVersion\w* failed: .*Timed out|Connection setup timed out/,
    'it accepts the connection but does not answer: it may not be a Kafka broker',
  ],
];

/** A server at the beginning of librdkafka's text: protocol, address, and the id of the broker or `bootstrap`. */
const SERVER = /^(?:\w+:\/\/)?([^\s/]+:\d+)\/\S+: (.*)$/s;
const MAX_SERVERS = 10;

/** A client and the brokers in its settings. */
export interface BrokersOf {
  readonly client: 'producer' | 'consumer' | 'admin';
  readonly servers: string;
}

export class ConnectionTrouble {
  /** The latest reason by server. */
  private readonly reasons = new Map<string, string>();

  /** @param brokers null if the caller names the servers itself */
  constructor(private readonly brokers: BrokersOf | null = null) {}

  /** Takes a log line or error text about a connection. @returns true if it says why there is none */
  note(line: string): boolean {
    // A log line names a thread first.
    const text = line.includes('[thrd:') ? line.slice(line.indexOf(']: ') + 3) : line;
    const [, server, rest = ''] = SERVER.exec(text) ?? [];
    if (server === undefined || (this.reasons.size >= MAX_SERVERS && !this.reasons.has(server))) return false;
    const reason = meaningOf(rest);
    if (reason === undefined) return false;
    this.reasons.set(server, reason);
    return true;
  }

  /** Forgets the reasons, after a success. */
  clear(): void {
    this.reasons.clear();
  }

  /** The known reasons, as `host:port: reason`; empty if there are none. */
  describe(): string {
    return [...this.reasons].map(([server, reason]) => `${server}: ${reason}`).join('; ');
  }

  /** The setting to check, with its value and the keys that may have set it; empty if the caller names it itself. */
  get setting(): string {
    if (this.brokers === null) return '';
    const { client, servers } = this.brokers;
    const keys = `${client}.override.bootstrap.servers of the connector, ${client}.bootstrap.servers or bootstrap.servers of the worker`;
    return `bootstrap.servers=${servers} of the ${client === 'admin' ? 'admin client' : client} (${keys})`;
  }
}

function meaningOf(text: string): string | undefined {
  for (const [pattern, meaning] of MEANINGS) {
    const found = pattern.exec(text);
    if (found) return meaning.replace('$1', (found[1] ?? '').replace(/ \(after .*/s, ''));
  }
  return undefined;
}
