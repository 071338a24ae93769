/** Which topics each connector has written to or read from (GET /connectors/{name}/topics). */

/** Active topics since the connector was created or they were last reset. */
export class ActiveTopics {
  private readonly topics = new Map<string, Set<string>>();

  add(connector: string, topic: string): void {
    const known = this.topics.get(connector) ?? new Set();
    this.topics.set(connector, known.add(topic));
  }

  /** True if the topic is listed already. */
  has(connector: string, topic: string): boolean {
    return this.topics.get(connector)?.has(topic) ?? false;
  }

  of(connector: string): string[] {
    return [...(this.topics.get(connector) ?? [])];
  }

  reset(connector: string): void {
    this.topics.delete(connector);
  }
}
