/** Which of the two Java connectors to follow where they write different SQL or schemas; the connector's class decides. */
export type Flavour = 'confluent' | 'aiven';

/** Versions of the connectors whose behaviour this is. */
export const JDBC_VERSIONS: Readonly<Record<Flavour, string>> = { confluent: '10.9.7', aiven: '6.12.0' };
