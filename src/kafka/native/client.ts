/** What producers, consumers and the admin client share: creation from settings, log lines, errors. */
import { hideUrlSecrets } from '../../config/clients/url-secrets';
import { asSentence, ConnectError } from '../../errors';
import { getLogger } from '../../log';
import { guarded } from '../../thread/gate';
import type { NativeClient } from '../../thread/messages';
import { isHopeless, isPassing, KafkaClientError, kafkaError } from './kafka-error';
import { type Address, EVENT, type Librdkafka, RESP_ERR } from './librdkafka';
import type { RepeatFilter } from './repeat-filter';

// It loads what starts programs.
const kerberosModule = (): typeof import('./kerberos-login') => require('./kerberos-login');

/** Settings in librdkafka's names. */
export type LibrdkafkaSettings = Readonly<Record<string, string>>;

/**
 * Records each client and queue when it is created, so that the main thread can free them after the thread has ended: queues first, since
 * destroying a client whose queues are still referenced never returns.
 */
export interface ClientLedger {
  clientCreated(client: NativeClient): void;
  queueCreated(address: Address): void;
  /** The client and its queues are no longer used and are to be freed now, while the thread goes on. */
  clientGivenUp(client: NativeClient, queues: readonly Address[]): void;
}

/** The logger under which Java's clients report connections and requests. */
const clientLog = getLogger('org.apache.kafka.clients.NetworkClient');
const ERROR_TEXT_BYTES = 512;
const CLIENT_TYPE = { producer: 0, consumer: 1, reader: 1 } as const;

/**
 * Creates a client.
 * @param events which events to deliver on queues, a sum of `EVENT`
 * @throws ConfigException that names the setting, never its value; SaslAuthenticationException if no Kerberos ticket can be obtained
 */
export function createClient(
  lib: Librdkafka,
  type: keyof typeof CLIENT_TYPE,
  settings: LibrdkafkaSettings,
  events: number,
  ledger: ClientLedger,
): Address {
  if (isKerberos(settings)) kerberosModule().getTicket(settings);
  return guarded(() => {
    const errorText = Buffer.alloc(ERROR_TEXT_BYTES);
    const conf = makeConf(lib, settings, events, errorText);
    const client = lib.create(CLIENT_TYPE[type], conf, errorText, ERROR_TEXT_BYTES);
    if (client === 0) {
      lib.confDestroy(conf);
      throw new ConnectError('KafkaException', `Failed to construct kafka ${type}: ${textOf(errorText)}`);
    }
    ledger.clientCreated({ type, address: client });
    return client;
  });
}

const isKerberos = (settings: LibrdkafkaSettings): boolean => settings['sasl.mechanisms'] === 'GSSAPI';

function makeConf(lib: Librdkafka, settings: LibrdkafkaSettings, events: number, errorText: Buffer): Address {
  const conf = lib.confNew();
  try {
    const { 'sasl.kerberos.keytab': _, ...others } = settings;
    const fixed = { 'log.queue': 'true', ...(isKerberos(settings) ? kerberosModule().NO_COMMAND : {}) };
    for (const [key, value] of Object.entries({ ...others, ...debugContexts(), ...fixed })) setOne(lib, conf, key, value, errorText);
    lib.confSetEvents(conf, events | EVENT.LOG | EVENT.ERROR);
    return conf;
  } catch (error) {
    lib.confDestroy(conf);
    throw error;
  }
}

/** librdkafka's debug contexts for a client that is created while its logger is at DEBUG or TRACE; they cannot be changed later. */
function debugContexts(): LibrdkafkaSettings {
  if (clientLog.isEnabled('TRACE')) return { debug: 'broker,topic,metadata,cgrp,eos,security,protocol,msg,fetch' };
  return clientLog.isEnabled('DEBUG') ? { debug: 'broker,topic,metadata,cgrp,eos,security' } : {};
}

/** Creates a queue, or takes a reference to one, and enters it in the ledger; the thread cannot be ended in between. */
export function ownQueue(ledger: ClientLedger, make: () => Address): Address {
  return guarded(() => {
    const queue = make();
    ledger.queueCreated(queue);
    return queue;
  });
}

/** Reads the next event of a queue and destroys it. The thread cannot be ended meanwhile. @returns undefined if there is none */
export function nextEvent<T>(lib: Librdkafka, queue: Address, read: (event: Address) => T): T | undefined {
  return guarded(() => {
    const event = lib.queuePoll(queue, 0);
    if (event === 0) return undefined;
    try {
      return read(event);
    } finally {
      lib.eventDestroy(event);
    }
  });
}

function setOne(lib: Librdkafka, conf: Address, key: string, value: string, errorText: Buffer): void {
  if (lib.confSet(conf, key, value, errorText, ERROR_TEXT_BYTES) === 0) return;
  // librdkafka repeats the value in its text, and a value may be a password.
  const reason = textOf(errorText).replaceAll(value === '' ? '\0' : value, '[value]');
  throw new ConnectError('ConfigException', `The Kafka client refuses the setting ${key}: ${reason}`);
}

/** A C string in a buffer. */
export function textOf(buffer: Buffer): string {
  const end = buffer.indexOf(0);
  return buffer.toString('utf8', 0, end < 0 ? buffer.length : end);
}

/** Where a client's log lines go. */
export type ClientLog = Pick<RepeatFilter, 'warn' | 'info' | 'debug' | 'connections'>;

/**
 * Writes a LOG event to the logger; syslog levels become Connect's. Failed connections come as ERROR events too.
 * @returns the line
 */
export function logEvent(lib: Librdkafka, event: Address, logger: ClientLog): string {
  const facility: string[] = [''];
  const text: string[] = [''];
  const level: number[] = [0];
  if (lib.eventLog(event, facility, text, level) !== 0) return '';
  const line = hideUrlSecrets(`${facility[0]}: ${text[0]}`);
  const isTrouble = (facility[0] === 'FAIL' || facility[0] === 'METADATA') && logger.connections.note(line);
  const { setting } = logger.connections;
  // Other connection problems are also reported as ERROR events.
  if (isTrouble && facility[0] === 'METADATA' && setting !== '')
    logger.warn(`No usable answer from ${setting}: ${logger.connections.describe()}; the client keeps trying.`);
  const severity = level[0] ?? 6;
  if (severity > 6) clientLog.debug(line);
  else if (severity > 4 || facility[0] === 'FAIL') logger.debug(line);
  else if (severity === 4) logger.info(line);
  else logger.warn(line);
  return line;
}

/**
 * Handles an ERROR event. Errors that librdkafka recovers from by itself (a broker that is away) are logged.
 * @returns a permanent error, after which the task must fail
 */
export function hopelessError(lib: Librdkafka, client: Address, event: Address, logger: ClientLog): ConnectError | undefined {
  const code = lib.eventError(event);
  const text = String(lib.eventErrorString(event));
  const areAllDown = code === RESP_ERR.ALL_BROKERS_DOWN;
  const isTold = !areAllDown && logger.connections.note(text);
  const { setting } = logger.connections;
  if (lib.eventErrorIsFatal(event) || isHopeless(lib, code, text)) {
    const error = (lib.eventErrorIsFatal(event) ? fatalError(lib, client) : undefined) ?? kafkaError(lib, code, text);
    return error.code === 'UnsupportedVersionException' ? naming(error, setting) : error;
  }
  const connection = areAllDown || isTold ? logger.connections.describe() : '';
  const reason = connection === '' ? '' : ` (${connection})`;
  const remedy = !areAllDown || connection === '' || setting === '' ? '' : ` Check ${setting}.`;
  // The advice is about librdkafka's own setting.
  const said = hideUrlSecrets(text).replace(/: increase receive\.message\.max\.bytes/, '');
  const line = `${said}${reason} (${String(lib.errorName(code))}); the client keeps trying.${remedy}`;
  if (isPassing(lib, code)) logger.debug(line);
  else logger.warn(line);
  return undefined;
}

/** The same error with the setting that may be its cause. */
function naming(error: KafkaClientError, setting: string): ConnectError {
  return setting === '' ? error : new KafkaClientError(error.code, `${asSentence(error.message)} Check ${setting}.`, error.fate);
}

/** The fatal error that has made a client unusable; undefined if there is none. */
export function fatalError(lib: Librdkafka, client: Address): KafkaClientError | undefined {
  const text = Buffer.alloc(ERROR_TEXT_BYTES);
  const code = lib.fatalError(client, text, ERROR_TEXT_BYTES);
  return code === 0 ? undefined : kafkaError(lib, code, textOf(text));
}
