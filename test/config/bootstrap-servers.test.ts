import { checkBootstrapServers, whenNoneResolves } from '../../src/config/bootstrap-servers';

test.each([
  ['localhost:9092', ['localhost']],
  ['a:1,b.c:2', ['a', 'b.c']],
  [' a:1 ', ['a']],
  ['PLAINTEXT://a:1', ['a']],
  ['[::1]:9092', ['::1']],
])('%s is fine', (servers, hosts) => {
  expect(checkBootstrapServers(servers)).toEqual(hosts);
});

test.each([
  ['localhost', 'Invalid url in bootstrap.servers: localhost. Expected host:port'],
  ['localhost:', 'Invalid url in bootstrap.servers: localhost:. Expected'],
  [':9092', 'Invalid url in bootstrap.servers: :9092'],
  ['a:1,b', 'Invalid url in bootstrap.servers: b'],
  ['a:x', 'Invalid url in bootstrap.servers: a:x'],
  ['a b:1', 'Invalid url in bootstrap.servers: a b:1'],
  ['a:65536', 'Invalid port in bootstrap.servers: a:65536'],
])('%s is refused', (servers, message) => {
  expect(() => checkBootstrapServers(servers)).toThrow(message);
});

test('names that nobody knows end the wait; one address among them is enough to go on', async () => {
  await expect(whenNoneResolves(['no.such.host.invalid'])).rejects.toThrow(/No resolvable bootstrap urls.*no\.such\.host\.invalid/);
  const goesOn = new Promise(resolve => setTimeout(resolve, 200, 'goes on'));
  await expect(Promise.race([whenNoneResolves(['no.such.host.invalid', '127.0.0.1']), goesOn])).resolves.toBe('goes on');
});
