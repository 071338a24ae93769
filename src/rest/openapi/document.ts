/** The OpenAPI 3.0 document of the routes that a listener serves. */
import { STATUS_CODES } from 'node:http';
import { KAFKA_VERSION } from '../../version';
import { JSON_TYPE, type QueryParameter, type ReplyContent, type RouteDescription } from '../route';
import { ref, SCHEMAS, type Schema } from './schemas';

/** What any route may reply, whatever it does. */
const COMMON_ERRORS = [400, 404, 405, 406, 413, 415];
/** What a route may reply whose replies are streams: as many as there may be are open. */
const STREAM_ERRORS = [503];

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly description: string;
  readonly schema: Schema;
}

/** By media type. */
type Content = Readonly<Record<string, { readonly schema: Schema }>>;

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

/** @throws Error for a parameter in a path that `PATH_PARAMETERS` does not know */
export function openApiDocument(routes: readonly RouteDescription[]): OpenApiDocument {
  const paths: Record<string, Record<string, OpenApiOperation>> = {};
  for (const route of routes) {
    const shown = route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[shown] = { ...paths[shown], [route.method.toLowerCase()]: describe(route) };
  }
  return {
    openapi: '3.0.3',
    info: { title: 'Kafka Connect REST API', version: KAFKA_VERSION, description: 'REST interface of a standalone Kafka Connect worker.' },
    paths,
    components: { schemas: SCHEMAS },
  };
}

function describe({ method, path, summary, query = [], body, replies, errors = [] }: RouteDescription): OpenApiOperation {
  const good = Object.entries(replies).map(([status, reply]) => [status, response(Number(status), reply)]);
  const streams = Object.values(replies).some(reply => typeof reply === 'object' && reply?.isStream);
  const foreseen = new Set([...errors, ...COMMON_ERRORS, ...(streams ? STREAM_ERRORS : [])]);
  const bad = [...foreseen].map(status => [String(status), response(status, 'Error')]);
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

function response(status: number, reply: ReplyContent): { description: string; content?: Content } {
  return { description: STATUS_CODES[status] ?? String(status), ...(reply === null ? {} : { content: content(reply) }) };
}

function content(reply: Exclude<ReplyContent, null>): Content {
  if (typeof reply === 'string') return { [JSON_TYPE]: { schema: ref(reply) } };
  const { mediaType, description } = reply;
  return { [mediaType]: { schema: { type: 'string', description } } };
}
