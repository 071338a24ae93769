/** Failures of the file system as errors for the user. */
import { ConnectError, toError } from '../errors';

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'operation not permitted',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  ENOENT: 'no such file or folder',
  ENOTDIR: 'part of the path is not a folder',
  EISDIR: 'it is a folder',
  ELOOP: 'too many symbolic links',
  EMFILE: 'too many open files',
  EIO: 'input/output error of the device',
};

/** The code of a failed system call, e.g. `ENOENT`; undefined for anything else. */
export function errorCode(thrown: unknown): string | undefined {
  const code = typeof thrown === 'object' && thrown !== null ? (thrown as { code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/**
 * An error that says what could not be done to which path, and why.
 * @param action e.g. `write offset file`
 * @param remedy what the user can do, if that is not plain from the reason
 */
export function fileError(action: string, path: string, thrown: unknown, remedy = ''): ConnectError {
  if (thrown instanceof ConnectError) return thrown;
  const code = errorCode(thrown);
  const reason = code === undefined ? toError(thrown).message : `${REASONS[code] ?? 'system error'} (${code})`;
  return new ConnectError('ConnectException', `Cannot ${action} ${path}: ${reason}${remedy === '' ? '' : `. ${remedy}`}`, thrown);
}
