/** Describes the fields of a statement without running it, as a query of the package pg. */
import type { PgField, PgSubmittable, PgWire } from './pg-driver';

class Describe implements PgSubmittable {
  private fields: readonly PgField[] = [];

  constructor(
    private readonly text: string,
    /** pg wraps it if queries have a time limit. */
    readonly callback: (error: Error | null, fields?: readonly PgField[]) => void,
  ) {}

  submit(connection: PgWire): void {
    connection.parse({ text: this.text });
    connection.describe({ type: 'S', name: '' });
    connection.sync();
  }

  handleRowDescription({ fields }: { readonly fields: readonly PgField[] }): void {
    this.fields = fields;
  }

  handleError(error: Error): void {
    this.callback(error);
  }

  handleReadyForQuery(): void {
    this.callback(null, this.fields);
  }
}

/**
 * The fields of a statement, which is parsed unchanged, since text around it could change its meaning.
 * @param submit hands the query to the client
 * @returns empty for a statement that returns no rows
 * @throws what the driver throws
 */
export function describe(submit: (query: PgSubmittable) => void, text: string): Promise<readonly PgField[]> {
  return new Promise((resolve, reject) => {
    submit(new Describe(text, (error, fields = []) => (error ? reject(error) : resolve(fields))));
  });
}
