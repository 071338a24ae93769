/** GET /openapi.json: what this listener serves, for programs. */
import { json, type Route } from '../route';
import { openApiDocument } from './document';

/** @param routes all others of the same listener */
export function openApiRoute(routes: readonly Route[]): Route {
  const route: Route = {
    method: 'GET',
    path: '/openapi.json',
    handle: () => json(200, openApiDocument([...routes, route])),
  };
  return route;
}
