/** GET /openapi.json: what this listener serves, for programs. */
import { json, type Route } from '../route';
import { openApiDocument } from './document';

/** @param routes all others of the same listener */
export function openApiRoute(routes: readonly Route[]): Route {
  const own = { method: 'GET', path: '/openapi.json' } as const;
  const answer = json(200, openApiDocument([...routes, own]));
  return { ...own, handle: () => answer };
}
