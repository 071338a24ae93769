/** Who may use the REST API: users of a password file (HTTP basic authentication), holders of a token (bearer). Java has neither. */
import { timingSafeEqual } from 'node:crypto';
import { ConnectError } from '../../errors';
import { digest } from './digest';
import { UsersFile } from './users-file';

/** `rest.auth.*`, where set. */
export interface AuthenticationSettings {
  /** Path of the file of users. */
  readonly basicFile: string | null;
  readonly bearerToken: string | null;
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

/** @returns null if nothing is set, so everybody may. @throws ConnectError (ConfigException) that names setting and file, and shows no password */
export function createAuthentication(settings: AuthenticationSettings): Authentication | null {
  const { basicFile, bearerToken, openPaths } = settings;
  if (bearerToken?.trim() === '')
    throw new ConnectError('ConfigException', 'Invalid value [hidden] for configuration rest.auth.bearer.token: it is empty');
  const users = basicFile ? new UsersFile(basicFile) : null;
  users?.warnOfReaders();
  if (!users && !bearerToken) return null;
  const token = bearerToken ? digest(bearerToken.trim()) : null;
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
