/** The REST API as the worker's settings ask for it. */
import { hostname } from 'node:os';
import { FILE_ALLOWED_PATHS } from '../config/allowed-files';
import type { WorkerConfig } from '../config/worker-config';
import { getLogger } from '../log';
import { createAuthentication } from '../rest/auth/authentication';
import { isLoopback, parseListener } from '../rest/http/listeners';
import { type ListenersKey, RestServer } from '../rest/http/server';
import { type ListenerTls, readListenerTls, TLS_PREFIX } from '../rest/http/tls-options';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');

/** Opens the ports of the REST API as the worker's settings say. @throws ConnectError that names the listener or the setting */
export async function openRest(worker: WorkerConfig): Promise<RestServer> {
  const { listeners, adminListeners, values } = worker;
  const authentication = createAuthentication({
    basicFile: values.getStringOrNull('rest.auth.basic.file'),
    bearerToken: values.getPasswordOrNull('rest.auth.bearer.token')?.value ?? null,
    openPaths: values.getList('rest.auth.open.paths'),
  });
  const tlsNow = (key: ListenersKey): ListenerTls => readListenerTls(worker, TLS_PREFIX[key]);
  const tls = onceEach(tlsNow);
  warnOfOpenListeners(worker, authentication !== null, tls);
  return RestServer.open({
    listeners,
    adminListeners,
    authentication,
    hosts: authentication ? null : ownNames(worker),
    tls,
    tlsNow,
    advertised: {
      hostName: values.getStringOrNull('rest.advertised.host.name') ?? undefined,
      port: values.getIntOrNull('rest.advertised.port') ?? undefined,
      listener: values.getStringOrNull('rest.advertised.listener') ?? undefined,
    },
    responseHeaders: {
      allowOrigin: values.getStringOrNull('access.control.allow.origin') ?? '',
      allowMethods: values.getStringOrNull('access.control.allow.methods') ?? '',
      headers: values.getStringOrNull('response.http.headers.config') ?? '',
    },
  });
}

/** The names by which callers may know this worker, besides addresses and `localhost`. */
function ownNames({ listeners, adminListeners, values }: WorkerConfig): string[] {
  const machine = hostname();
  const heard = [...listeners, ...(adminListeners ?? [])].map(text => parseListener(text).host);
  const advertised = values.getStringOrNull('rest.advertised.host.name');
  const [short = machine] = machine.split('.');
  return [machine, short, ...heard, ...(advertised ? [advertised] : []), ...values.getList('rest.allowed.hosts')].filter(
    name => name !== '',
  );
}

/** Whoever reaches the API can read files and write them, by a connector. */
function warnOfOpenListeners(worker: WorkerConfig, authenticated: boolean, tls: (key: ListenersKey) => ListenerTls): void {
  const all = [
    ...worker.listeners.map(text => ({ listener: parseListener(text), key: 'listeners' as const })),
    ...(worker.adminListeners ?? []).map(text => ({ listener: parseListener(text, 'admin.listeners'), key: 'admin.listeners' as const })),
  ];
  for (const { listener, key } of all) {
    if (isLoopback(listener)) continue;
    const isHttps = listener.protocol === 'https';
    if (authenticated && !isHttps) {
      log.warn(`Passwords and tokens for the REST API cross the network in clear at ${listener.text}. Use https`);
    }
    if (authenticated || (isHttps && tls(key).options.rejectUnauthorized)) continue;
    log.warn(
      `The REST API at ${listener.text} is open to everybody who can reach this machine. Set rest.auth.basic.file or ` +
        'rest.auth.bearer.token, ask for certificates (https with ssl.client.auth=required), or listen on 127.0.0.1 only.' +
        (worker.values.getList(FILE_ALLOWED_PATHS).length > 0
          ? ''
          : ' Through connectors they can read and write every file that this process can; file.allowed.paths limits that'),
    );
  }
}

/** Reads for each key once only, so that files are read and warnings given once. */
function onceEach<K, V>(read: (key: K) => V): (key: K) => V {
  const known = new Map<K, V>();
  return key => {
    const value = known.get(key) ?? read(key);
    known.set(key, value);
    return value;
  };
}
