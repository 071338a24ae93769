/** Databases for the vectors; each case gets one anew. */
import { MariaDb } from '../../helpers/servers/mariadb';
import { Postgres } from '../../helpers/servers/postgres';
import { runSqlite } from '../../helpers/servers/sqlite';
import { TempDir } from '../../helpers/temp-dir';

/** Sources store this name with their offsets. */
export const SOURCE_DATABASE = 'gold';

/** Types that tables of the vectors for PostgreSQL have, which the files do not make. */
const PG_TYPES = `CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy'); CREATE DOMAIN posint AS integer CHECK (VALUE > 0);
  CREATE TYPE pair AS (a integer, b text); CREATE EXTENSION citext; CREATE EXTENSION hstore;`;

/** A database for one case after the other. */
export interface VectorDatabase {
  /** Empties it. */
  renew(): Promise<void>;
  sql(text: string): Promise<string>;
  /** What a connector needs to get in. @param url the URL of the case, which may name one of two drivers, and have parameters */
  settings(url: string): Record<string, string>;
}

/** A server, or a folder of files. */
export interface VectorServer {
  /** A database of this name. */
  database(name: string): VectorDatabase;
  stop(): Promise<void>;
}

/** What stands after the name of the database in a URL. */
const parametersOf = (url: string): string => /\?.*$/.exec(url)?.[0] ?? '';

/** Starts what a file of vectors needs. */
export const VECTOR_SERVERS: Readonly<Record<string, () => Promise<VectorServer>>> = {
  async postgresql() {
    const server = await Postgres.start();
    return {
      database: name => ({
        renew: async () => {
          await server.sql(`DROP DATABASE IF EXISTS ${name} WITH (FORCE);\nCREATE DATABASE ${name};`);
          await server.sql(PG_TYPES, name);
        },
        sql: text => server.sql(text, name),
        settings: url => ({ ...server.settings(), 'connection.url': server.url(name, parametersOf(url)) }),
      }),
      stop: () => server.stop(),
    };
  },
  async mariadb() {
    const server = await MariaDb.start();
    return {
      database: name => ({
        renew: async () => {
          await server.sql(`DROP DATABASE IF EXISTS ${name}; CREATE DATABASE ${name};`);
        },
        sql: text => server.sql(text, name),
        settings: url => ({
          ...server.settings(),
          'connection.url': server.url(name, url.startsWith('jdbc:mysql:') ? 'mysql' : 'mariadb', parametersOf(url)),
        }),
      }),
      stop: () => server.stop(),
    };
  },
  async sqlite() {
    const dir = new TempDir('vectors-sqlite');
    return {
      database: name => {
        let file = '';
        let count = 0;
        return {
          renew: async () => {
            file = dir.file(`${name}-${count++}.db`);
          },
          sql: async text => runSqlite(file, text),
          settings: () => ({ 'connection.url': `jdbc:sqlite:${file}` }),
        };
      },
      stop: async () => dir.remove(),
    };
  },
};
