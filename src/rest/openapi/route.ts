/** GET /openapi.json: what this listener serves, for programs. */
import type { Route, RouteDescription } from '../route';
import { openApiDocument } from './document';

/** @param routes all others of the same listener */
export function openApiRoute(routes: readonly RouteDescription[]): Route {
  const own: RouteDescription = {
    method: 'GET',
    path: '/openapi.json',
    summary: 'This interface as an OpenAPI 3 document.',
    replies: { 200: 'AnyObject' },
  };
  // Bytes, made once: thousands of replies share them.
  const reply = { status: 200, body: Buffer.from(JSON.stringify(openApiDocument([...routes, own]))) };
  return { ...own, handle: () => reply };
}
