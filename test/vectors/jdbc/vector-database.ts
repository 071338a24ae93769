/** Databases for the vectors: the name `gold` is in stored offsets, so each case gets it anew. */
import { MariaDb } from '../../helpers/mariadb';
import { Postgres } from '../../helpers/postgres';
import { runSqlite } from '../../helpers/sqlite';
import { TempDir } from '../../helpers/temp-dir';

const NAME = 'gold';

/** Types that tables of the vectors for PostgreSQL have, which the files do not make. */
const PG_TYPES = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
  CREATE TYPE pair AS (a integer, b text); CREATE EXTENSION citext; CREATE EXTENSION hstore;`;

/** One server, or one file, for one case after the other. */
export interface VectorDatabase {
  /** Empties it. */
  renew(): Promise<void>;
  sql(text: string): Promise<string>;
  /** What a connector needs to get in. @param url the URL of the case, which may name one of two drivers, and have parameters */
  settings(url: string): Record<string, string>;
  stop(): Promise<void>;
}

/** What stands behind the name of the database in a URL. */
const parametersOf = (url: string): string => /\?.*$/.exec(url)?.[0] ?? '';

/** Starts the database of a file of vectors. */
export const VECTOR_DATABASES: Readonly<Record<string, () => Promise<VectorDatabase>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return {
      renew: async () => {
        await server.sql(`DROP DATABASE IF EXISTS ${NAME} WITH (FORCE);\nCREATE DATABASE ${NAME};`);
        await server.sql(PG_TYPES, NAME);
      },
      sql: text => server.sql(text, NAME),
      settings: url => ({ ...server.settings(), 'connection.url': server.url(NAME, parametersOf(url)) }),
      stop: () => server.stop(),
    };
  },
  async mariadb() {
    const server = await MariaDb.start();
    return {
      renew: async () => {
        await server.sql(`DROP DATABASE IF EXISTS ${NAME}; CREATE DATABASE ${NAME};`);
      },
      sql: text => server.sql(text, NAME),
      settings: url => ({
        ...server.settings(),
        'connection.url': server.url(NAME, url.startsWith('jdbc:mysql:') ? 'mysql' : 'mariadb', parametersOf(url)),
      }),
      stop: () => server.stop(),
    };
  },
  async sqlite() {
    const dir = new TempDir('vectors-sqlite');
    let file = '';
    let count = 0;
    return {
      renew: async () => {
        file = dir.file(`${count++}.db`);
      },
      sql: async text => runSqlite(file, text),
      settings: () => ({ 'connection.url': `jdbc:sqlite:${file}` }),
      stop: async () => dir.remove(),
    };
  },
};
