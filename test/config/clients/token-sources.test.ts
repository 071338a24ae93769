import { createOverridePolicy, validateOverrides } from '../../../src/config/clients/client-overrides';
import { tokenSources } from '../../../src/config/clients/token-sources';
import { WORKER_DEF } from '../../../src/config/keys/worker-keys';
import { producerProps } from '../../../src/kafka/settings/client-props';

const URL_KEY = 'sasl.oauthbearer.token.endpoint.url';
const FILES = [
  'sasl.oauthbearer.assertion.file',
  'sasl.oauthbearer.assertion.private.key.file',
  'sasl.oauthbearer.assertion.template.file',
];
const URLS = [URL_KEY, 'sasl.oauthbearer.jwks.endpoint.url'];
const ALLOWED = {
  'org.apache.kafka.sasl.oauthbearer.allowed.urls': 'https://idp/token , https://idp/keys',
  'org.apache.kafka.sasl.oauthbearer.allowed.files': '/etc/token,/etc/key.pem',
};
const owner = { connector: 'c', task: 0 };

function judge(key: string, value: string, worker: Record<string, string>): string[] {
  const policy = createOverridePolicy('All', [], tokenSources(worker));
  const [infos] = validateOverrides({ [`producer.override.${key}`]: value }, 'source', policy);
  const errors = infos?.configs[0]?.value?.errors ?? [];
  // What is refused at validation is refused to a task, too.
  const merge = (): unknown => producerProps(worker, { [`producer.override.${key}`]: value }, owner);
  if (errors.length > 0) expect(merge).toThrow(errors[0] as string);
  else expect(merge()).toMatchObject({ [key]: value });
  return [...errors];
}

test.each(FILES)('a connector may name as %s only a file that the worker lists', key => {
  expect(judge(key, '/etc/shadow', {})).toEqual([
    `Invalid value /etc/shadow for configuration ${key}: The file cannot be accessed due to restrictions. Update ` +
      "'org.apache.kafka.sasl.oauthbearer.allowed.files' in the worker's file to allow the file to be accessed.",
  ]);
  expect(judge(key, '/etc/../etc/shadow', ALLOWED)).toHaveLength(1);
  expect(judge(key, '/etc/key.pem', ALLOWED)).toEqual([]);
  expect(judge(key, '/etc/x/../token', ALLOWED)).toEqual([]);
  expect(judge(key, '/etc/token2', ALLOWED)).toHaveLength(1);
});

test.each(URLS)('a connector may name as %s only a URL that the worker lists', key => {
  expect(judge(key, 'https://user:secret@evil/token?k=secret', ALLOWED)).toEqual([
    `Invalid value https://evil/token?[hidden] for configuration ${key}: The URL cannot be accessed due to restrictions. Update ` +
      "'org.apache.kafka.sasl.oauthbearer.allowed.urls' in the worker's file to allow the URL to be accessed.",
  ]);
  expect(judge(key, 'https://idp/token', ALLOWED)).toEqual([]);
  expect(judge(key, 'https://idp/token/', ALLOWED)).toHaveLength(1);
  expect(judge(key, 'https://idp/token', {})).toHaveLength(1);
});

test.each(['', 'producer.', 'consumer.', 'admin.'])("what the worker's file itself uses with %s may be named", prefix => {
  expect(judge(URL_KEY, 'https://own/t', { [prefix + URL_KEY]: 'https://own/t' })).toEqual([]);
  expect(judge(FILES[0] as string, '/own', { [prefix + (FILES[1] as string)]: '/own' })).toEqual([]);
});

test('the lists are settings of the worker', () => {
  for (const key of Object.keys(ALLOWED)) expect(WORKER_DEF.keys.get(key)?.type).toBe('LIST');
});
