/** Which of the two Java connectors to be like, where they write different SQL or schemas; the class of the connector decides. */
export type Flavour = 'confluent' | 'aiven';

/** Versions of the connectors whose behaviour this is. */
export const JDBC_VERSIONS: Readonly<Record<Flavour, string>> = { confluent: '10.9.7', aiven: '6.12.0' };
