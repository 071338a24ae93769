/** Who may use the REST API: users of a password file (HTTP basic authentication), holders of a token (bearer). Java has neither. */
import { timingSafeEqual } from 'node:crypto';
import { ConnectError } from '../../errors';
import { digest } from './digest';
import type { UsersFile } from './users-file';

/** `rest.auth.*`, where set. */
export interface AuthenticationSettings {
  readonly users: UsersFile | null;
  /** See `tokenOf`. */
  readonly token: Buffer | null;
  /** Paths that need no authentication. */
  readonly openPaths: readonly string[];
}

/** Tells who may come in. */
export interface Authentication {
  /** Values of `WWW-Authenticate` for those who may not. */
  readonly challenges: readonly string[];
  /** Looks at path and `Authorization` header of a request. Takes the same time for a wrong name as for a wrong password. */
  allows(path: string, authorization: string | undefined): Promise<boolean>;
}

const REALM = 'realm="connect"';

/**
 * What is kept of `rest.auth.bearer.token`; null if it is not set.
 * @throws ConnectError (ConfigException) that shows no token
 */
export function tokenOf(bearerToken: string | null): Buffer | null {
  if (bearerToken === null) return null;
  const token = bearerToken.trim();
  if (token === '')
    throw new ConnectError('ConfigException', 'Invalid value [hidden] for configuration rest.auth.bearer.token: it is empty');
  return digest(token);
}

/** @returns null if nothing is set, so everybody may */
export function createAuthentication({ users, token, openPaths }: AuthenticationSettings): Authentication | null {
  if (!users && !token) return null;
  return {
    challenges: [...(users ? [`Basic ${REALM}, charset="UTF-8"`] : []), ...(token ? [`Bearer ${REALM}`] : [])],
    allows: async (path, authorization = '') => {
      if (openPaths.includes(path)) return true;
      const [, scheme = '', credentials = ''] = /^(\S+) +(\S+) *$/.exec(authorization) ?? [];
      if (scheme.toLowerCase() === 'bearer') return token !== null && timingSafeEqual(digest(credentials), token);
      return scheme.toLowerCase() === 'basic' && users !== null && users.knows(Buffer.from(credentials, 'base64').toString('utf8'));
    },
  };
}
