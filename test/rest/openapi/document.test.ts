import { openApiDocument } from '../../../src/rest/openapi/document';
import { OPERATIONS } from '../../../src/rest/openapi/operations';
import { SCHEMAS, type Schema } from '../../../src/rest/openapi/schemas';
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
  expect(Object.keys(OPERATIONS).sort()).toEqual(routes.map(({ method, path }) => `${method} ${path}`).sort());
});

test('a route without a description cannot be served', () => {
  expect(() => openApiDocument([{ method: 'GET', path: '/new' }])).toThrow('No description of GET /new');
});

test('only routes that read a body have one', () => {
  const readers = routes.filter(({ readsBody }) => readsBody).map(({ method, path }) => `${method} ${path}`);
  const described = Object.keys(OPERATIONS).filter(name => OPERATIONS[name]?.body !== undefined);
  expect(described.sort()).toEqual(readers.sort());
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
