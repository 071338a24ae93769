import { createPluginTable } from '../../src/plugins/builtins';
import { sinkRecord, sourceRecord } from '../../src/testing/data/sample-records';
import { regexRouterPlugin } from '../../src/transforms/regex-router';
import { timestampRouterPlugin } from '../../src/transforms/timestamp-router';
import { configured } from '../helpers/fakes/configured';

describe('RegexRouter', () => {
  const router = (regex: string, replacement: string) => configured([regexRouterPlugin], 'RegexRouter', { regex, replacement });

  test('renames each record by its own topic, in whatever order topics come', () => {
    const transformation = router('shop\\.(.*)', '$1');
    const topics = ['shop.a', 'other', 'shop.b', 'shop.a', 'shop.a', 'other'];
    const renamed = topics.map(topic => transformation.apply(sourceRecord({ topic })).topic);
    expect(renamed).toEqual(['a', 'other', 'b', 'a', 'a', 'other']);
  });

  test('changes nothing but the topic, and keeps what was consumed', () => {
    const record = sinkRecord();
    expect(router('orders', 'x').apply(record)).toEqual({ ...record, topic: 'x' });
  });

  test('hands on the same record if the pattern does not match', () => {
    const record = sinkRecord();
    expect(router('order', 'x').apply(record)).toBe(record);
  });

  test('fails for every record whose replacement names no group, not only for the first', () => {
    const transformation = router('orders', '$1');
    for (let i = 0; i < 2; i++) expect(() => transformation.apply(sourceRecord())).toThrow('No group 1');
    expect(transformation.apply(sourceRecord({ topic: 'x' })).topic).toBe('x');
  });

  test('fails for a record whose topic would keep it busy for ever, and goes on with the next', () => {
    const transformation = router('(.*a){14}x', 'y');
    for (let i = 0; i < 2; i++) {
      expect(() => transformation.apply(sourceRecord({ topic: `${'a'.repeat(40)}!` }))).toThrow(/takes more than \d+ steps/);
    }
    expect(transformation.apply(sourceRecord({ topic: 'x' })).topic).toBe('x');
  });
});

test('TopicNameMatches fails for a topic that would keep it busy for ever', () => {
  const predicate = createPluginTable().find('predicate', 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches')?.create();
  predicate?.configure({ pattern: '(.*a){14}x' });
  expect(() => predicate?.test(sourceRecord({ topic: `${'a'.repeat(40)}!` }))).toThrow(/takes more than \d+ steps/);
});

test('TopicNameMatches answers by the topic of each record', () => {
  const predicate = createPluginTable().find('predicate', 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches')?.create();
  predicate?.configure({ pattern: 'shop\\..*' });
  const topics = ['shop.a', 'shop.a', 'other', 'shop.b', 'shops'];
  expect(topics.map(topic => predicate?.test(sourceRecord({ topic })))).toEqual([true, true, false, true, false]);
});

describe('TimestampRouter', () => {
  const router = (settings: Record<string, string>) => configured([timestampRouterPlugin], 'TimestampRouter', settings);

  test('takes signs of a replacement in topic and format as they are', () => {
    const settings = { 'topic.format': '$&$' + '{topic}$1$' + '{timestamp}', 'timestamp.format': "'$&'yyyy" };
    expect(router(settings).apply(sourceRecord({ topic: '$`$$' })).topic).toBe('$&$`$$$1$&2023');
  });

  test('refuses a format when the first record comes, as Java does, and every time', () => {
    const transformation = router({ 'timestamp.format': 'b' });
    for (let i = 0; i < 2; i++) expect(() => transformation.apply(sourceRecord())).toThrow("Illegal pattern character 'b'");
  });

  test('shows the whole record that has no timestamp', () => {
    const headers = [
      { key: 'a', schema: null, value: 'x' },
      { key: 'a', schema: null, value: null },
    ];
    const record = sinkRecord({ timestamp: null, headers, value: new Map([['k', [1n]]]) });
    expect(() => router({}).apply(record)).toThrow(
      'Timestamp missing on record: SinkRecord{kafkaOffset=42, timestampType=CreateTime, originalTopic=orders, ' +
        "originalKafkaPartition=0, originalKafkaOffset=42} ConnectRecord{topic='orders', kafkaPartition=0, key=null, keySchema=null, " +
        'value={k=[1]}, valueSchema=null, timestamp=null, headers=ConnectHeaders(headers=[ConnectHeader(key=a, value=x, schema=null), ' +
        'ConnectHeader(key=a, value=null, schema=null)])}',
    );
  });
});
