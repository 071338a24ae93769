/**
 * What a route is, apart from the HTTP framework. It is declared once: what is served, the OpenAPI document and the README's table of
 * routes are made from the same declaration.
 */
import type { SchemaName } from './openapi/schemas';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** The media type of most replies, and of all errors. */
export const JSON_TYPE = 'application/json';

/** A query parameter. */
export interface QueryParameter {
  readonly name: string;
  readonly description: string;
  /** Values that mean something; others are ignored or mean the default. */
  readonly values?: readonly string[];
  /** May be there several times. */
  readonly repeated?: boolean;
}

/** What the description of a boolean parameter lists, see `flag`. */
export const FLAG: readonly string[] = ['true', 'false'];

/** A body that is not JSON. */
export interface OtherContent {
  /** As it stands in `Content-Type`, e.g. `text/plain; version=0.0.4`. */
  readonly mediaType: string;
  readonly description: string;
  /** The body is a `ReplyStream`. */
  readonly isStream?: boolean;
}

/** The body of a reply: the shape of its JSON, another kind of content, or null for none. */
export type ReplyContent = SchemaName | OtherContent | null;

/** All that there is to say of a route but what it does. */
export interface RouteDescription {
  readonly method: Method;
  /** Parameters stand in it as `:name`; `openapi/document.ts` describes them. */
  readonly path: string;
  /** Markdown; the README shows it. */
  readonly summary: string;
  readonly query?: readonly QueryParameter[];
  /** The shape of the JSON body. Absent: a body is not looked at. */
  readonly body?: SchemaName;
  /** Statuses other than errors, each with its content. A route replies nothing else. */
  readonly replies: Readonly<Record<number, ReplyContent>>;
  /** Errors that this route foresees; those of every route (405, 406, 413, 415 ...) are not named again. */
  readonly errors?: readonly number[];
}

/** A request as routes see it. */
export interface RestRequest {
  /** Parts of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** Query parameters; all values of those that occur several times. */
  readonly query: Readonly<Record<string, string | string[]>>;
  /** The body as text; empty if there is none. */
  readonly body: string;
  /** How the client reached this worker, `http://host:port` without a slash at the end; null if it does not say. */
  readonly baseUrl: string | null;
}

/** A piece of a body: text is sent as UTF-8, bytes as they are; the route leaves them alone once they are handed over. */
export type Chunk = string | Uint8Array;

/**
 * Opens a body that is sent piece by piece, once the head of the reply is on its way. The next chunk is asked for when the client has taken
 * those before, so a chunk of some 64 KiB at most keeps a slow client from costing memory.
 * @param signal comes when the client is gone or the worker stops: whoever waits for something to send gives up then. What the iterator
 *   does in its `finally` is done at every end, and an error of it breaks the connection, so that no client takes half a body for a whole
 *   one
 */
export type ReplyStream = (signal: AbortSignal) => AsyncIterable<Chunk>;

/** What a route replies. The content type is that which the route declares for the status. */
export interface RestReply {
  readonly status: number;
  /** Absent for an empty reply. */
  readonly body?: Chunk | ReplyStream;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route. */
export interface Route extends RouteDescription {
  /** @throws HttpError or ConnectError, which `toErrorReply` maps */
  handle(request: RestRequest): RestReply | Promise<RestReply>;
}

/** A reply with a JSON body. */
export function json(status: number, value: unknown): RestReply {
  return { status, body: JSON.stringify(value) };
}

/** A reply without a body. */
export function empty(status: number): RestReply {
  return { status };
}

/** A path parameter that the route's path is known to have. */
export function param(request: RestRequest, name: string): string {
  return request.params[name] ?? '';
}

/** Java's boolean parameters: anything but `true`, in any case, is false. */
export function flag(request: RestRequest, name: string): boolean {
  return values(request, name)[0]?.toLowerCase() === 'true';
}

/** All values of a query parameter. */
export function values(request: RestRequest, name: string): string[] {
  const value = request.query[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
