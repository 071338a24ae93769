/** All routes of the REST interface, for those who only want to know which there are. */
import type { Herder } from '../../../src/herder/herder';
import { openApiRoute } from '../../../src/rest/openapi/route';
import type { Route } from '../../../src/rest/route';
import { connectRoutes } from '../../../src/rest/routes/connect-routes';
import type { PluginConfigs } from '../../../src/rest/routes/plugins';

/** Every route, with nothing behind it: nobody calls their `handle`. */
export function allRoutes(): Route[] {
  const { main, admin } = connectRoutes({ herder: {} as Herder, pluginConfigs: {} as PluginConfigs, onLogLevel: () => {} }, '');
  const routes = [...main, ...admin];
  return [...routes, openApiRoute(routes)];
}
