/** Settings of a connector on their way into validation. */

/** Settings with variables resolved; null only where JSON carried it. */
export type ConnectorProps = Readonly<Record<string, string | null>>;
