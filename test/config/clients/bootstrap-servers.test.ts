import { checkBootstrapServers, whenNoneResolves } from '../../../src/config/clients/bootstrap-servers';
import { translateClientProps } from '../../../src/kafka/settings/client-config';

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

// Asked of ClientUtils.parseAndValidateAddresses of Kafka 4.3.
test.each([
  ['SASL_SSL://localhost:9093', 'localhost:9093'],
  ['http://localhost:9092', 'localhost:9092'],
  ['localhost:9092,SSL://localhost:9093', 'localhost:9092,localhost:9093'],
  ['SSL://[::1]:9093', '[::1]:9093'],
  ['://localhost:1', 'localhost:1'],
  ['::1:9092', '[::1]:9092'],
  ['localhost:0', 'localhost:0'],
])('of %s the protocol is passed over, for every client', (given, taken) => {
  for (const kind of ['producer', 'consumer', 'admin'] as const)
    expect(translateClientProps(kind, { 'bootstrap.servers': given }).settings['bootstrap.servers']).toBe(taken);
});

test.each([
  'a b://localhost:1',
  'PLAINTEXT://localhost',
  'PLAINTEXT://localhost:9092/',
  'PLAINTEXT://user@localhost:1',
  '//localhost:9092',
  'SASL_SSL://localhost:9093,bad',
  'http://localhost:9092/x',
  'ssl://SSL://localhost:1',
  'localhost : 9092',
])('%s is refused, as in Java', servers => {
  expect(() => translateClientProps('producer', { 'bootstrap.servers': servers })).toThrow('Invalid url in bootstrap.servers');
});
