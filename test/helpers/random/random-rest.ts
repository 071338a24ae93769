/** Random requests from an OpenAPI document: some as it says, some nearly, some far from it. The same in every run. */
import type { OpenApiDocument, OpenApiOperation } from '../../../src/rest/openapi/document';
import type { Schema } from '../../../src/rest/openapi/schemas';
import { type Random, randomText } from '../../../src/testing/data/random';
import { resolve } from '../docs/json-schema';

/** A request, and the operation it is meant for; null: none is. */
export interface RandomRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly operation: OpenApiOperation | null;
}

/** Values that lead somewhere, by the name of a parameter, a field or a setting. */
export type Pool = Readonly<Record<string, readonly string[]>>;

const ODD_NAMES = ['nope', '', '..', '.', '%', 'a/b', 'a b', '__proto__', 'constructor', 'é€😀', 'q\'u"o', '\0', '\n', 'x'.repeat(3000)];
const ODD_VALUES: readonly unknown[] = [null, 0, -1, 1.5, 1e300, true, '', 'x', [], {}, [null], [[]], { a: { b: 1 } }, ['x'], '\ud800'];
const ODD_BODIES = [
  '',
  'null',
  '[]',
  '{',
  '"x"',
  '{"a":1}x',
  '['.repeat(5000),
  '{"__proto__":{"x":1}}',
  '\ufeff{}',
  'NaN',
  '{"a":"b","a":"c"}',
];
const ODD_TYPES = [
  'text/plain',
  'application/xml',
  'nonsense',
  '*/*',
  'application/json;charset=utf-16',
  'application/json; charset=utf-8',
];
const ODD_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND'];
const ODD_ACCEPTS = ['*/*', 'text/html', 'application/json;q=0', ',', 'application/*;q=0.1', 'x'];

export class RandomRest {
  constructor(
    private readonly document: OpenApiDocument,
    private readonly pool: Pool,
    private readonly random: Random,
  ) {}

  next(): RandomRequest {
    // With as many of each, hardly any connector would live.
    const [path, methods] = this.oneIn(6) ? this.creation() : this.pick(Object.entries(this.document.paths));
    const [method, operation] = this.pick(Object.entries(methods));
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(this.known(name, ODD_NAMES)));
    // An empty name makes the path of another operation.
    const emptied = /\/(?:\/|$)/.test(filled) && path !== '/';
    const strange = this.oneIn(12);
    return {
      method: strange ? this.pick(ODD_METHODS) : method.toUpperCase(),
      path: `${filled}${strange && this.oneIn(2) ? this.pick(['/', '//', '/x', '%', '%zz', ';a=b', '?&=', '#']) : ''}${this.query(operation)}`,
      headers: {
        ...(this.oneIn(10) ? { 'content-type': this.pick(ODD_TYPES) } : { 'content-type': 'application/json' }),
        ...(this.oneIn(15) ? { accept: this.pick(ODD_ACCEPTS) } : {}),
      },
      body: this.body(operation),
      operation: strange || emptied ? null : operation,
    };
  }

  private creation(): [string, Readonly<Record<string, OpenApiOperation>>] {
    const { post } = this.document.paths['/connectors'] ?? {};
    if (!post) throw new Error('no operation creates connectors');
    return ['/connectors', { post }];
  }

  private query({ parameters }: OpenApiOperation): string {
    const named = parameters
      .filter(parameter => parameter.in === 'query' && this.oneIn(2))
      .flatMap(({ name, schema }) => {
        const values = schema.enum ?? schema.items?.enum ?? this.pool[name] ?? [];
        return Array.from(
          { length: 1 + this.random(2) },
          () => `${name}=${encodeURIComponent(this.oneIn(4) ? this.pick(ODD_NAMES) : this.pick([...values, '']))}`,
        );
      });
    if (this.oneIn(10)) named.push(this.pick(['forward=', 'forward=x', '%', '=', '__proto__=1', 'a[b]=c', '&&']));
    return named.length === 0 ? '' : `?${named.join('&')}`;
  }

  private body({ requestBody }: OpenApiOperation): string | undefined {
    if (!requestBody) return this.oneIn(8) ? this.pick(ODD_BODIES) : undefined;
    if (this.oneIn(8)) return this.pick([undefined, ...ODD_BODIES, randomText(this.random)]);
    return JSON.stringify(this.value(requestBody.content['application/json']?.schema ?? {}, ''));
  }

  /** A value that fits a schema, except that here and there something else stands in its place. */
  private value(schema: Schema, name: string): unknown {
    if (this.oneIn(25)) return this.pick(ODD_VALUES);
    if (schema.$ref !== undefined) return this.value(resolve(schema.$ref, this.document.components.schemas), name);
    if (schema.oneOf && this.pool[name] === undefined) return this.value(this.pick(schema.oneOf), name);
    if (schema.type === 'array') return Array.from({ length: this.random(3) }, () => this.value(schema.items ?? {}, name));
    if (schema.type === 'object') return this.object(schema);
    if (schema.type === 'integer' || schema.type === 'number') return this.random(100) - 1;
    if (schema.type === 'boolean') return this.oneIn(2);
    return this.oneIn(10) ? randomText(this.random) : this.pick(schema.enum ?? this.pool[name] ?? ['x']);
  }

  private object({ properties = {}, required = [], additionalProperties }: Schema): Record<string, unknown> {
    const own = Object.entries(properties).filter(([name]) => (required.includes(name) ? !this.oneIn(30) : this.oneIn(2)));
    const fields = own.map(([name, schema]): [string, unknown] => [name, this.value(schema, name)]);
    if (typeof additionalProperties === 'object') {
      // A name within the settings is mostly another one, which ends the matter.
      const keys = Object.keys(this.pool).filter(key => !this.oneIn(key === 'name' ? 1 : 8));
      fields.push(...keys.map((key): [string, unknown] => [key, this.value(additionalProperties, key)]));
    }
    if (this.oneIn(20)) fields.push([this.pick(ODD_NAMES), this.pick(ODD_VALUES)]);
    return Object.fromEntries(fields);
  }

  private known(name: string, others: readonly string[]): string {
    return this.oneIn(5) ? this.pick(others) : this.pick(this.pool[name] ?? others);
  }

  private oneIn(n: number): boolean {
    return this.random(n) === 0;
  }

  private pick<T>(items: readonly T[]): T {
    return items[this.random(items.length)] as T;
  }
}
