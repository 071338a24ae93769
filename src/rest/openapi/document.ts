/** The OpenAPI 3.0 document of the routes that a listener serves. */
import { STATUS_CODES } from 'node:http';
import { KAFKA_VERSION } from '../../version';
import type { Route } from '../route';
import { OPERATIONS, type Operation, type QueryParameter } from './operations';
import { ref, SCHEMAS, type Schema, type SchemaName } from './schemas';

/** What any route may answer, whatever it does. */
const COMMON_ERRORS = [400, 404, 405, 406, 413, 415];

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

interface Content {
  readonly 'application/json': { readonly schema: Schema };
}

/** One method of one path. */
export interface OpenApiOperation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly required: true; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
}

/** The document; `paths` by path and by method in small letters. */
export interface OpenApiDocument {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

const PATH_PARAMETERS: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>> = {
  connector: { description: 'Name of a connector, percent-encoded.', schema: { type: 'string' } },
  task: { description: 'Number of a task.', schema: { type: 'integer', format: 'int32' } },
  plugin: { description: 'Class name or alias of a plugin.', schema: { type: 'string' } },
  logger: { description: 'Name of a logger; `root` is above all.', schema: { type: 'string' } },
};

/** @throws Error for a route of which `OPERATIONS` says nothing */
export function openApiDocument(routes: readonly Pick<Route, 'method' | 'path'>[]): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const { method, path } of routes) {
    const operation = OPERATIONS[`${method} ${path}`];
    if (!operation) throw new Error(`No description of ${method} ${path}`);
    const shown = path.replaceAll(/:(\w+)/g, '{$1}');
    paths[shown] = { ...paths[shown], [method.toLowerCase()]: describe(method, path, operation) };
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Kafka Connect REST API', version: KAFKA_VERSION, description: 'REST interface of a standalone Kafka Connect worker.' },
    paths,
    components: { schemas: SCHEMAS },
  };
}

function describe(method: string, path: string, operation: Operation): OpenApiOperation {
  const { summary, query = [], body, answers, errors = [] } = operation;
  const good = Object.entries(answers).map(([status, schema]) => [status, response(Number(status), schema)]);
  const bad = [...new Set([...errors, ...COMMON_ERRORS])].map(status => [String(status), response(status, 'Error')]);
  return {
    operationId: operationId(method, path),
    summary,
    parameters: [...pathParameters(path), ...query.map(queryParameter)],
    ...(body ? { requestBody: { required: true, content: content(body) } } : {}),
    responses: Object.fromEntries([...bad, ...good]),
  };
}

/** `getConnectorsByConnectorStatus` for `GET /connectors/:connector/status`. */
function operationId(method: string, path: string): string {
  const words = path.split(/[/.-]/).filter(word => word !== '');
  const named = words.map(word => (word.startsWith(':') ? `By-${word.slice(1)}` : word)).flatMap(word => word.split('-'));
  return method.toLowerCase() + (named.map(word => word.charAt(0).toUpperCase() + word.slice(1)).join('') || 'Root');
}

function pathParameters(path: string): Parameter[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const known = PATH_PARAMETERS[name];
    if (!known) throw new Error(`No description of the parameter ${name} in ${path}`);
    return { name, in: 'path', required: true, ...known };
  });
}

function queryParameter({ name, description, values, repeated }: QueryParameter): Parameter {
  const schema: Schema = { type: 'string', ...(values ? { enum: values } : {}) };
  return { name, in: 'query', required: false, description, schema: repeated ? { type: 'array', items: schema } : schema };
}

function response(status: number, schema: SchemaName | null): { description: string; content?: Content } {
  return { description: STATUS_CODES[status] ?? String(status), ...(schema === null ? {} : { content: content(schema) }) };
}

function content(schema: SchemaName): Content {
  return { 'application/json': { schema: ref(schema) } };
}
