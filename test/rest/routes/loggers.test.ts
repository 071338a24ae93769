import { getLogger } from '../../../src/log';
import type { RestRequest, Route } from '../../../src/rest/route';
import { loggerRoutes } from '../../../src/rest/routes/loggers';

const route = loggerRoutes(() => {}).find(({ method }) => method === 'PUT') as Route;

function put(logger: string): unknown {
  const request: RestRequest = { params: { logger }, query: {}, body: '{"level":"WARN"}', baseUrl: null };
  return route.handle(request);
}

test('Names that nothing writes to have an end; those of the worker have room', () => {
  getLogger('org.example.Ours');
  expect(() => put('x'.repeat(301))).toThrow('A logger name of 301 characters is too long: at most 300 are allowed');
  // root has a level from the beginning
  for (let i = 1; i < 1000; i++) put(`nobody.${i}`);
  expect(() => put('nobody.more')).toThrow('1000 loggers have a level: a further one gets one only if something writes to it');
  expect(() => put('nobody.1')).not.toThrow();
  expect(put('org.example.Ours')).toMatchObject({ status: 200 });
});
