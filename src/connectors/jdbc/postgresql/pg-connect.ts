/** Opens connections to PostgreSQL: chooses the host, uses TLS or not, and defines the session's settings. */
import { ConnectError } from '../../../errors';
import type { Connection } from '../database/connection';
import { DatabaseError } from '../database/database-error';
import { type ConnectOptions, discretionOf } from '../database/dialect';
import { type HostPort, hostsToTry, type Properties } from '../url/jdbc-address';
import { badUrl } from '../url/url-parts';
import { PgConnection } from './pg-connection';
import { pgError } from './pg-errors';
import { pgOptions, sslModeOf, tlsAttempts } from './pg-options';
import { PgSession } from './pg-session';
import { loadPg, loadPgCursor, type PgClient, type PgResult } from './wire/pg-driver';

/** The required role of a server. */
type ServerRole = 'primary' | 'secondary' | 'any';

/** pgjdbc's values of `targetServerType`, old and new: the roles to look for, in order. */
const ROLES: Readonly<Record<string, readonly ServerRole[]>> = {
  any: ['any'],
  primary: ['primary'],
  master: ['primary'],
  secondary: ['secondary'],
  slave: ['secondary'],
  preferprimary: ['primary', 'any'],
  prefersecondary: ['secondary', 'any'],
  preferslave: ['secondary', 'any'],
};

/** @throws ConfigException for an unknown value */
function serverRoles(properties: Properties): readonly ServerRole[] {
  const roles = ROLES[(properties.get('targetServerType') ?? 'any').toLowerCase()];
  if (roles === undefined) throw badUrl('targetServerType must be one of any, primary, secondary, preferPrimary, preferSecondary');
  return roles;
}

/** A connection to the first host that responds and has the role that `targetServerType` asks for. @throws DatabaseError */
export async function connectPg(options: ConnectOptions): Promise<Connection> {
  const { address } = options;
  const { properties } = address;
  const hosts = hostsToTry({ ...address, anyHostFirst: properties.isSet('loadBalanceHosts') });
  let last: unknown = new DatabaseError('connection', 'the URL names no host');
  for (const role of serverRoles(properties)) {
    for (const host of hosts) {
      try {
        return await connectHost(options, host, role);
      } catch (error) {
        // A mistake in the settings does not depend on the host.
        if (error instanceof ConnectError && !(error instanceof DatabaseError)) throw error;
        last = error;
      }
    }
  }
  throw pgError(last, discretionOf(options));
}

async function connectHost(options: ConnectOptions, host: HostPort, role: ServerRole): Promise<Connection> {
  const client = await openClient(options, host);
  try {
    await checkRole(client, role);
    const session = await prepareSession(client, options.address.properties);
    return new PgConnection(client, loadPgCursor(), session, discretionOf(options));
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

async function openClient(options: ConnectOptions, host: HostPort): Promise<PgClient> {
  const { Client } = loadPg();
  let last: unknown;
  for (const tls of tlsAttempts(sslModeOf(options.address.properties))) {
    const client = new Client(pgOptions(options, host, tls));
    try {
      await connectClient(client);
      return client;
    } catch (error) {
      last = error;
      if (!refusesMode(error)) break;
    }
  }
  throw last;
}

/** Connects; a failed client must neither leave its socket open nor emit an error event without a listener, which would end the process. */
async function connectClient(client: PgClient): Promise<void> {
  const ignore = (): void => {};
  client.on('error', ignore);
  try {
    await client.connect();
  } catch (error) {
    client.connection.stream.destroy();
    throw error;
  }
}

/** True if the server refuses TLS, or requires it: then the other way is tried if the mode allows both. */
function refusesMode(error: unknown): boolean {
  const { message = '', code = '' } = error as { message?: string; code?: string };
  return /does not support SSL/.test(message) || (code === '28000' && /pg_hba/.test(message));
}

const ask = (client: PgClient, text: string): Promise<PgResult> => client.query({ text, rowMode: 'array' });

/** As in pgjdbc, a server is a primary if it accepts writes. */
async function checkRole(client: PgClient, role: ServerRole): Promise<void> {
  if (role === 'any') return;
  const { rows } = await ask(client, 'SHOW transaction_read_only');
  const found: ServerRole = rows[0]?.[0] === 'off' ? 'primary' : 'secondary';
  if (found !== role) throw new DatabaseError('connection', `no server of the URL is a ${role}, as targetServerType asks for`, '08001');
}

/** Prepares the session. A pooler reports a made-up process id, by which it is detected: the server's session may change later. */
async function prepareSession(client: PgClient, properties: Properties): Promise<PgSession> {
  const { rows } = await ask(client, 'SELECT pg_catalog.pg_backend_pid()');
  const session = new PgSession(String(rows[0]?.[0]) !== String(client.processID), properties);
  if (!session.isShared) await ask(client, session.prepareSql);
  return session;
}
