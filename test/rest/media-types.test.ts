import { contentTypeOf, isAcceptable } from '../../src/rest/media-types';
import type { ReplyContent, RestReply, RouteDescription } from '../../src/rest/route';

const TEXT = { mediaType: 'text/plain; version=0.0.4', description: '' };
const STREAM = { mediaType: 'application/x-ndjson', description: '', isStream: true };
const route = (...contents: readonly ReplyContent[]): RouteDescription => ({
  method: 'GET',
  path: '/x',
  summary: '',
  replies: Object.fromEntries(contents.map((content, i) => [200 + i, content])),
});
const chunks = async function* (): AsyncGenerator<string> {};

test.each<[ReplyContent, RestReply['body'], string | null]>([
  ['Names', '[]', 'application/json'],
  [TEXT, 'a 1\n', 'text/plain; version=0.0.4'],
  [TEXT, new Uint8Array(1), 'text/plain; version=0.0.4'],
  [STREAM, chunks, 'application/x-ndjson'],
  [null, undefined, null],
])('the content type is that of the declaration: %j', (content, body, type) => {
  expect(contentTypeOf(route(content), { status: 200, ...(body === undefined ? {} : { body }) })).toBe(type);
});

test.each<[string, ReplyContent, RestReply, string]>([
  ['another status', 'Names', { status: 201, body: '[]' }, 'GET /x does not declare that it replies 201'],
  ['a body where none is declared', null, { status: 200, body: '[]' }, 'declares another kind of body for 200: none, not whole'],
  ['no body where one is', 'Names', { status: 200 }, 'declares another kind of body for 200: whole, not none'],
  ['a stream where a text is', TEXT, { status: 200, body: chunks }, 'declares another kind of body for 200: whole, not stream'],
  ['a text where a stream is', STREAM, { status: 200, body: '' }, 'declares another kind of body for 200: stream, not whole'],
])('%s is a mistake of ours', (_, content, reply, problem) => {
  expect(() => contentTypeOf(route(content), reply)).toThrow(problem);
});

test.each<[string | undefined, boolean, boolean, boolean]>([
  [undefined, true, true, true],
  [' ', true, true, true],
  ['*/*', true, true, true],
  ['application/json', true, false, true],
  ['application/*', true, false, true],
  ['text/plain', false, true, true],
  ['TEXT/*;q=0.5', false, true, true],
  ['text/plain;q=0, application/xml', false, false, false],
  ['text/plain;q=0.0, application/json', true, false, true],
  ['application/openmetrics-text;version=1.0.0, text/plain;version=0.0.4;q=0.3, */*;q=0.2', true, true, true],
  ['*/*;q=0', false, false, false],
  [',', false, false, false],
])('Accept %j: JSON %p, text %p, either %p', (accept, asJson, asText, either) => {
  expect([route('Names'), route(TEXT), route('Names', TEXT)].map(each => isAcceptable(each, accept))).toEqual([asJson, asText, either]);
  // errors of a route without a body are JSON
  expect(isAcceptable(route(null), accept)).toBe(asJson);
});
