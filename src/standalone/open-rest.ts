/** The REST API as the worker's settings ask for it. */
import type { WorkerConfig } from '../config/worker-config';
import { RestServer } from '../worker/rest/server';

/** Opens the ports of the REST API as the worker's settings say. @throws ConnectError that names the listener */
export function openRest({ listeners, adminListeners, values }: WorkerConfig): Promise<RestServer> {
  return RestServer.open({
    listeners,
    adminListeners,
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
