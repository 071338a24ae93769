/** All routes of the REST interface, for those who only want to know which there are. */
import type { Herder } from '../../../src/herder/herder';
import { openApiRoute } from '../../../src/rest/openapi/route';
import type { Route } from '../../../src/rest/route';
import { connectorRoutes } from '../../../src/rest/routes/connectors';
import { lifecycleRoutes } from '../../../src/rest/routes/lifecycle';
import { loggerRoutes } from '../../../src/rest/routes/loggers';
import { offsetRoutes } from '../../../src/rest/routes/offsets';
import { type PluginConfigs, pluginRoutes } from '../../../src/rest/routes/plugins';
import { rootRoutes } from '../../../src/rest/routes/root';

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
