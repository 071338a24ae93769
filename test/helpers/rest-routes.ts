/** All routes of the REST interface, for those who only want to know which there are. */
import type { Herder } from '../../src/worker/herder';
import { openApiRoute } from '../../src/worker/rest/openapi/route';
import type { Route } from '../../src/worker/rest/route';
import { connectorRoutes } from '../../src/worker/rest/routes/connectors';
import { lifecycleRoutes } from '../../src/worker/rest/routes/lifecycle';
import { loggerRoutes } from '../../src/worker/rest/routes/loggers';
import { offsetRoutes } from '../../src/worker/rest/routes/offsets';
import { type PluginConfigs, pluginRoutes } from '../../src/worker/rest/routes/plugins';
import { rootRoutes } from '../../src/worker/rest/routes/root';

/** Method and path of every route. */
export function allRoutes(): Pick<Route, 'method' | 'path' | 'readsBody'>[] {
  // Nobody calls these routes, so there need be no herder behind them.
  const nobody = {} as Herder;
  const routes = [
    ...rootRoutes(nobody),
    ...connectorRoutes(nobody, ''),
    ...lifecycleRoutes(nobody),
    ...offsetRoutes(nobody),
    ...pluginRoutes(nobody, {} as PluginConfigs),
    ...loggerRoutes(() => {}),
  ];
  return [...routes, openApiRoute(routes)];
}
