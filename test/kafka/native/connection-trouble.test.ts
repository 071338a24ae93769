import { ConnectionTrouble } from '../../../src/kafka/native/connection-trouble';

// What librdkafka has said of real servers.
test.each([
  ['127.0.0.1:1/bootstrap: Connect to ipv4#127.0.0.1:1 failed: Connection refused (after 0ms in state CONNECT)', 'connection refused'],
  [
    'h:1/bootstrap: Connect to ipv4#10.0.0.1:1 failed: No route to host (after 3ms in state CONNECT)',
    'cannot be reached: No route to host',
  ],
  ["nope:9092/bootstrap: Failed to resolve 'nope:9092': Name or service not known", 'name of this host is not known'],
  [
    'h:1/bootstrap: Metadata request failed: connected: Local: Required feature not supported by broker (0ms): Permanent',
    'KRaft controller',
  ],
  ['h:1/bootstrap: Receive failed: Invalid response size 1213486160 (0..100000000): increase receive.message.max.bytes', 'answers in HTTP'],
  ['h:1/bootstrap: Receive failed: Invalid response size 352518912 (0..100000000): increase', 'speaks TLS: set security.protocol to SSL'],
  ['h:1/bootstrap: Receive failed: Invalid response size 1397966893 (0..100000000)', 'does not answer like a Kafka broker'],
  [
    'ssl://h:1/bootstrap: SSL handshake failed: Disconnected: SSL connection closed by peer: connecting to a PLAINTEXT broker listener?',
    'may not speak TLS',
  ],
  [
    'h:1/bootstrap: Disconnected: connection closed by peer: receive 0 after POLLIN (after 0ms in state APIVERSION_QUERY)',
    'may want SASL or TLS',
  ],
  ['h:1/1: Disconnected: connection closed by peer (after 1ms in state UP)', 'may want SASL or TLS'],
])('%s', (text, meaning) => {
  const trouble = new ConnectionTrouble();
  trouble.note(`FAIL: [thrd:${text.split(': ')[0]}]: ${text}`);
  const fromLog = trouble.describe();
  trouble.note(text);
  expect(fromLog).toContain(meaning);
  expect(trouble.describe()).toBe(fromLog);
  trouble.clear();
  expect(trouble.describe()).toBe('');
});

test('the last word of each server counts, an IPv6 address is one, and what says nothing changes nothing', () => {
  const trouble = new ConnectionTrouble();
  trouble.note('a:1/bootstrap: Connect to ipv4#1.1.1.1:1 failed: Connection refused');
  trouble.note('FAIL: [thrd:[::1]:2/bootstrap]: [::1]:2/bootstrap: Connect to ipv6#[::1]:2 failed: Connection refused');
  trouble.note('a:1/bootstrap: Receive failed: Invalid response size 1213486160');
  trouble.note('a:1/bootstrap: Something else');
  trouble.note('1/1 brokers are down');
  expect(trouble.describe()).toBe(
    'a:1: it answers in HTTP, so it is not a Kafka broker; [::1]:2: connection refused, nothing listens there',
  );
});

test('names the setting with its value, and the keys that may have set it', () => {
  expect(new ConnectionTrouble({ client: 'producer', servers: 'h:1,i:2' }).setting).toBe(
    'bootstrap.servers=h:1,i:2 of the producer (producer.override.bootstrap.servers of the connector, producer.bootstrap.servers or bootstrap.servers of the worker)',
  );
  expect(new ConnectionTrouble().setting).toBe('');
});
