/** /connectors/{name}/offsets (KIP-875). */

import { stringifyJson } from '../../config/files/exact-json';
import type { Herder } from '../../herder/herder';
import { parseExact } from '../bodies';
import { json, param, type Route } from '../route';

export function offsetRoutes(herder: Herder): Route[] {
  const path = '/connectors/:connector/offsets';
  return [
    {
      method: 'GET',
      path,
      summary: 'Positions of a source, or offsets of the group of a sink.',
      replies: { 200: 'Offsets' },
      errors: [404, 500],
      handle: async request => ({ status: 200, body: stringifyJson(await herder.connectorOffsets(param(request, 'connector'))) }),
    },
    {
      method: 'PATCH',
      path,
      summary: '200. Sets offsets of a stopped connector; `null` removes one.',
      body: 'OffsetsChange',
      replies: { 200: 'Message' },
      errors: [400, 404, 500],
      handle: async request => {
        const message = await herder.alterConnectorOffsets(param(request, 'connector'), parseExact(request.body));
        return json(200, { message });
      },
    },
    {
      method: 'DELETE',
      path,
      summary: '200. Removes all offsets of a stopped connector.',
      replies: { 200: 'Message' },
      errors: [400, 404, 500],
      handle: async request => json(200, { message: await herder.resetConnectorOffsets(param(request, 'connector')) }),
    },
  ];
}
