/** What the REST API needs of the worker's settings, and of the files that they name: read before a port is opened. */
import type { WorkerConfig } from '../../config/worker-config';
import { type Authentication, createAuthentication, tokenOf } from '../../rest/auth/authentication';
import { type Listener, parseListener } from '../../rest/http/listeners';
import { type ListenersKey, type ListenerTls, readListenerTls } from '../../rest/http/tls-options';
import { createOriginCheck } from '../../rest/response-headers';
import type { FindingCollector } from './findings';

const usersModule = (): typeof import('../../rest/auth/users-file') => require('../../rest/auth/users-file');

export interface RestSettings {
  readonly listeners: readonly Listener[];
  /** Empty also where `admin.listeners` is not set. */
  readonly adminListeners: readonly Listener[];
  /** Null: everybody may use it. */
  readonly authentication: Authentication | null;
  /** For the listeners that are https. */
  readonly tls: ReadonlyMap<ListenersKey, ListenerTls>;
  /** What the user should know, though nothing is wrong. */
  readonly warnings: readonly string[];
}

/** @param collector takes all that is wrong: with any of that, what is returned is not to be used */
export function readRest(worker: WorkerConfig, collector: FindingCollector): RestSettings {
  const { values } = worker;
  const parse = (key: ListenersKey, texts: readonly string[]): readonly Listener[] =>
    collector.check(key, () => texts.map(text => parseListener(text, key))) ?? [];
  const listeners = parse('listeners', worker.listeners);
  const adminListeners = parse('admin.listeners', worker.adminListeners ?? []);
  const basicFile = values.getStringOrNull('rest.auth.basic.file');
  const bearerToken = values.getPasswordOrNull('rest.auth.bearer.token')?.value ?? null;
  const users = basicFile ? (collector.check('rest.auth.basic.file', () => new (usersModule().UsersFile)(basicFile)) ?? null) : null;
  const token = collector.check('rest.auth.bearer.token', () => tokenOf(bearerToken)) ?? null;
  const origin = 'access.control.allow.origin';
  collector.check(origin, () => createOriginCheck(values.getStringOrNull(origin) ?? ''));
  const tls = readTls(worker, { listeners, 'admin.listeners': adminListeners }, collector);
  return {
    listeners,
    adminListeners,
    authentication: createAuthentication({ users, token, openPaths: values.getList('rest.auth.open.paths') }),
    tls,
    warnings: [...(users?.warnings() ?? []), ...[...tls.values()].flatMap(({ warnings }) => warnings)],
  };
}

function readTls(
  worker: WorkerConfig,
  listeners: Readonly<Record<ListenersKey, readonly Listener[]>>,
  collector: FindingCollector,
): Map<ListenersKey, ListenerTls> {
  const read = new Map<ListenersKey, ListenerTls>();
  for (const key of ['listeners', 'admin.listeners'] as const) {
    if (!listeners[key].some(({ protocol }) => protocol === 'https')) continue;
    const { tls, problems } = readListenerTls(worker, key);
    for (const problem of problems) collector.report(problem.key, problem.error);
    read.set(key, tls);
  }
  return read;
}
