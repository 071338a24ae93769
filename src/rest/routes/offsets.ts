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
      handle: async request => ({ status: 200, text: stringifyJson(await herder.connectorOffsets(param(request, 'connector'))) }),
    },
    {
      method: 'PATCH',
      path,
      readsBody: true,
      handle: async request => {
        const message = await herder.alterConnectorOffsets(param(request, 'connector'), parseExact(request.body));
        return json(200, { message });
      },
    },
    {
      method: 'DELETE',
      path,
      handle: async request => json(200, { message: await herder.resetConnectorOffsets(param(request, 'connector')) }),
    },
  ];
}
