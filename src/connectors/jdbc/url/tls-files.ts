/** Reads certificates and keys that URL parameters name. */
import { X509Certificate } from 'node:crypto';
import { ConnectError, toError } from '../../../errors';
import { readNamedFile } from '../../../named-files';

/** The content of a file. @throws ConfigException that names the parameter */
export function readTlsFile(parameter: string, file: string): Buffer {
  try {
    return readNamedFile(file);
  } catch (error) {
    throw new ConnectError('ConfigException', `The file of the URL parameter ${parameter} cannot be read: ${toError(error).message}`);
  }
}

/** The content of a parameter that is PEM text itself, or names a file, perhaps as a `file:` URL. */
export function pemOf(parameter: string, value: string): Buffer {
  if (value.includes('-----BEGIN')) return Buffer.from(value);
  return readTlsFile(parameter, filePath(value));
}

/** True for text with a key or a certificate in it. */
export const isPem = (bytes: Buffer): boolean => bytes.includes('-----BEGIN');

/** Certificates as PEM text; the file may also be DER. @throws ConfigException that names the parameter */
export function certificatesOf(parameter: string, value: string): string {
  const bytes = pemOf(parameter, value);
  if (isPem(bytes)) return bytes.toString('latin1');
  try {
    return new X509Certificate(bytes).toString();
  } catch {
    throw new ConnectError('ConfigException', `The URL parameter ${parameter} names ${value}, which is not a certificate in PEM or DER`);
  }
}

/** The path of a file that is named by its path or by a `file:` URL. */
export function filePath(value: string): string {
  return value.replace(/^file:(\/\/)?/, '');
}
