import { openApiDocument } from '../../../src/rest/openapi/document';
import { SCHEMAS, type Schema } from '../../../src/rest/openapi/schemas';
import type { RouteDescription } from '../../../src/rest/route';
import { resolve } from '../../helpers/docs/json-schema';
import { allRoutes } from '../../helpers/docs/rest-routes';

const routes = allRoutes();
const document = openApiDocument(routes);
const operations = Object.values(document.paths).flatMap(path => Object.values(path));

/** All schemas within a part of the document. */
function schemasIn(part: unknown): Schema[] {
  if (typeof part !== 'object' || part === null) return [];
  return [part as Schema, ...Object.values(part).flatMap(schemasIn)];
}

test('the document has the routes, all of them and no others', () => {
  const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map(method => `${method.toUpperCase()} ${path}`),
  );
  expect(documented.sort()).toEqual(routes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`).sort());
});

test('a parameter of a path that nobody has described cannot be served', () => {
  const route: RouteDescription = { method: 'GET', path: '/new/:colour', summary: '', replies: {} };
  expect(() => openApiDocument([route])).toThrow('No description of the parameter colour in /new/:colour');
});

test('bodies other than JSON are documented under their media type; where there are streams, that there may be too many', () => {
  const text = { mediaType: 'text/plain; version=0.0.4', description: 'Lines.' };
  const route = (isStream: boolean): RouteDescription => ({
    method: 'GET',
    path: '/x',
    summary: '',
    replies: { 200: { ...text, isStream } },
  });
  const responsesOf = (isStream: boolean) => openApiDocument([route(isStream)]).paths['/x']?.get?.responses ?? {};
  expect(responsesOf(false)[200]?.content).toEqual({ [text.mediaType]: { schema: { type: 'string', description: 'Lines.' } } });
  expect([responsesOf(false)[503], responsesOf(true)[503]]).toEqual([undefined, expect.objectContaining({ content: expect.anything() })]);
});

test('every parameter of a path is described', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    for (const { parameters } of Object.values(methods)) {
      expect(parameters.filter(parameter => parameter.in === 'path').map(({ name }) => name)).toEqual(names);
    }
  }
});

test('operations have names of their own', () => {
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toContain('getConnectorsByConnectorStatus');
  for (const id of ids) expect(id).toMatch(/^[a-z]+[A-Z][A-Za-z]*$/);
});

test('every reference leads somewhere, and every named shape is used', () => {
  const references = schemasIn(document).flatMap(({ $ref }) => (typeof $ref === 'string' ? [$ref] : []));
  for (const reference of references) expect(resolve(reference, SCHEMAS)).toBeDefined();
  const used = new Set(references.map(reference => reference.replace('#/components/schemas/', '')));
  expect(Object.keys(SCHEMAS).filter(name => !used.has(name))).toEqual([]);
});
