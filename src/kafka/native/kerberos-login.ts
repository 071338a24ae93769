/**
 * Kerberos tickets from a keytab. librdkafka would put principal and keytab into a shell command; here kinit is run without a shell, and
 * librdkafka finds the ticket in the cache, as it does without a keytab.
 */
import { execFile, execFileSync } from 'node:child_process';
import { ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { refuseOtherThanFile } from '../../named-files';

const log = getLogger('org.apache.kafka.common.security.kerberos.KerberosLogin');
const KINIT = 'kinit';
/** How long a key distribution centre that does not respond may block the thread. */
const KINIT_LIMIT_MS = 10_000;

/** Settings of a login, as the translation of client settings gives them. */
type LoginSettings = Readonly<Record<string, string>>;

/** Always set with GSSAPI: with an interval of 0, librdkafka runs no command at all. */
export const NO_COMMAND: LoginSettings = { 'sasl.kerberos.min.time.before.relogin': '0', 'sasl.kerberos.kinit.cmd': 'false' };

/** Renewals of this thread, by principal and keytab; they end with the thread. */
const renewals = new Map<string, NodeJS.Timeout>();

/**
 * Gets the ticket that a client needs and renews it; does nothing without a keytab. Blocks for as long as kinit takes.
 * @throws SaslAuthenticationException with kinit's message
 */
export function getTicket(settings: LoginSettings): void {
  const keytab = settings['sasl.kerberos.keytab'];
  if (settings['sasl.mechanisms'] !== 'GSSAPI' || keytab === undefined) return;
  const principal = settings['sasl.kerberos.principal'];
  const args = ['-k', '-t', keytab, ...(principal === undefined ? [] : ['--', principal])];
  try {
    refuseOtherThanFile(keytab);
    execFileSync(KINIT, args, { stdio: ['ignore', 'ignore', 'pipe'], timeout: KINIT_LIMIT_MS, shell: false });
  } catch (error) {
    throw new ConnectError('SaslAuthenticationException', `${whatFailed(principal, keytab)}: ${reasonOf(error)}`);
  }
  renew(args, Number(settings['sasl.kerberos.min.time.before.relogin'] ?? 0), whatFailed(principal, keytab));
}

function renew(args: readonly string[], everyMs: number, failure: string): void {
  const key = args.join('\0');
  if (everyMs <= 0 || renewals.has(key)) return;
  const again = (): void => {
    execFile(KINIT, args, { timeout: KINIT_LIMIT_MS, shell: false }, error => {
      if (error) log.warn(`${failure}: ${reasonOf(error)}. The old ticket is used until it expires; trying again in ${everyMs} ms.`);
    });
  };
  renewals.set(key, setInterval(again, everyMs).unref());
}

const whatFailed = (principal: string | undefined, keytab: string): string =>
  `Could not get a Kerberos ticket for ${principal ?? 'the first principal'} with the keytab ${keytab}`;

function reasonOf(error: unknown): string {
  const { code, stderr, message } = error as { code?: unknown; stderr?: unknown; message?: string };
  if (code === 'ENOENT') return 'there is no kinit in the PATH (Debian: install krb5-user)';
  const text = String(stderr ?? '').trim();
  return text === '' ? (message ?? '') : text;
}
