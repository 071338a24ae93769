/** What a route is, apart from the HTTP framework. */

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

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

/** What a route answers. */
export interface RestReply {
  readonly status: number;
  /** JSON text; absent for an empty answer. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route; `path` holds parameters as `:name`. */
export interface Route {
  readonly method: Method;
  readonly path: string;
  /** The body counts; elsewhere it is not looked at. */
  readonly readsBody?: boolean;
  /** @throws HttpError or ConnectError, which `toErrorReply` maps */
  handle(request: RestRequest): RestReply | Promise<RestReply>;
}

/** An answer with a JSON body. */
export function json(status: number, value: unknown): RestReply {
  return { status, text: JSON.stringify(value) };
}

/** An answer without a body. */
export function empty(status: number): RestReply {
  return { status };
}

/** A path parameter that the route's path is known to have. */
export function param(request: RestRequest, name: string): string {
  return request.params[name] ?? '';
}

/** Java's boolean parameters: anything but `true`, in any case, is false. */
export function flag(request: RestRequest, name: string): boolean {
  const value = request.query[name];
  return (Array.isArray(value) ? value[0] : value)?.toLowerCase() === 'true';
}

/** All values of a query parameter. */
export function values(request: RestRequest, name: string): string[] {
  const value = request.query[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}
