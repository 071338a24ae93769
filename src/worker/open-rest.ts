/** The REST API as the worker's settings ask for it. */
import { hostname } from 'node:os';
import { FILE_ALLOWED_PATHS } from '../config/allowed-files';
import type { WorkerConfig } from '../config/worker-config';
import { getLogger } from '../log';
import { isLoopback, type Listener } from '../rest/http/listeners';
import { RestServer } from '../rest/http/server';
import { type ListenersKey, readListenerTls } from '../rest/http/tls-options';
import type { RestSettings } from './settings/rest-settings';

const log = getLogger('org.apache.kafka.connect.runtime.rest.RestServer');

/** Opens the ports of the REST API as the worker's settings say. @throws ConnectError that names the listener that cannot be opened */
export async function openRest(worker: WorkerConfig, settings: RestSettings): Promise<RestServer> {
  const { listeners, adminListeners, values } = worker;
  const { authentication, tls } = settings;
  for (const warning of settings.warnings) log.warn(warning);
  warnOfOpenListeners(worker, settings);
  return RestServer.open({
    listeners,
    adminListeners,
    authentication,
    hosts: authentication ? null : ownNames(worker, settings),
    tls,
    tlsNow: key => readListenerTls(worker, key),
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
function ownNames({ values }: WorkerConfig, { listeners, adminListeners }: RestSettings): string[] {
  const machine = hostname();
  const heard = [...listeners, ...adminListeners].map(({ host }) => host);
  const advertised = values.getStringOrNull('rest.advertised.host.name');
  const [short = machine] = machine.split('.');
  return [machine, short, ...heard, ...(advertised ? [advertised] : []), ...values.getList('rest.allowed.hosts')].filter(
    name => name !== '',
  );
}

/** Warns, because anyone who reaches the API can read and write files through a connector. */
function warnOfOpenListeners({ values }: WorkerConfig, { listeners, adminListeners, authentication, tls }: RestSettings): void {
  const warn = (listener: Listener, key: ListenersKey): void => {
    if (isLoopback(listener)) return;
    const isHttps = listener.protocol === 'https';
    if (authentication && !isHttps) {
      log.warn(`Passwords and tokens for the REST API cross the network in clear at ${listener.text}. Use https`);
    }
    if (authentication || (isHttps && tls.get(key)?.options.rejectUnauthorized)) return;
    log.warn(
      `The REST API at ${listener.text} is open to everybody who can reach this machine. Set rest.auth.basic.file or ` +
        'rest.auth.bearer.token, ask for certificates (https with ssl.client.auth=required), or listen on 127.0.0.1 only.' +
        (values.getList(FILE_ALLOWED_PATHS).length > 0
          ? ''
          : ' Through connectors they can read and write every file that this process can; file.allowed.paths limits that'),
    );
  };
  for (const listener of listeners) warn(listener, 'listeners');
  for (const listener of adminListeners) warn(listener, 'admin.listeners');
}
