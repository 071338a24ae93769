import { sharedBootstrap } from '../../helpers/servers/broker';
import {
  consume,
  consumeValues,
  dumpValues,
  endOffset,
  listTopics,
  produce,
  produceFile,
  produceValues,
  readTopic,
} from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';

// The helpers that all other e2e tests judge by.
describe('kcat as the independent witness', () => {
  const bootstrap = sharedBootstrap();
  const topicName = (name: string): string => `io-${name}-${Date.now().toString(36)}`;

  test('bytes, nulls, empty texts and headers come back as they were written', async () => {
    const topic = topicName('bytes');
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await produce(bootstrap, topic, [
      {
        key: 'k',
        value: everyByte,
        headers: [
          ['a', '1'],
          ['a', '=2'],
        ],
      },
      { value: 'no key' },
      { key: null, value: null },
      { key: 'tombstone', value: null },
    ]);
    const records = await consume(bootstrap, topic, 4);
    expect(records.map(({ offset, key, value }) => [offset, key?.toString() ?? null, value?.toString('latin1') ?? null])).toEqual([
      [0, 'k', everyByte.toString('latin1')],
      [1, null, 'no key'],
      [2, null, null],
      [3, 'tombstone', null],
    ]);
    expect(records.map(record => record.headers)).toEqual([
      [
        ['a', '1'],
        ['a', '=2'],
      ],
      [],
      [],
      [],
    ]);
    expect(await endOffset(bootstrap, topic)).toBe(4);
  });

  test('a topic that nobody has made is empty, and reading does not make it', async () => {
    const topic = topicName('absent');
    expect(await readTopic(bootstrap, topic)).toEqual([]);
    expect(await endOffset(bootstrap, topic)).toBe(0);
    expect((await listTopics(bootstrap)).has(topic)).toBe(false);
  });

  test('waiting for more records than there are fails and shows those that came', async () => {
    const topic = topicName('few');
    await produceValues(bootstrap, topic, ['only one']);
    await expect(consume(bootstrap, topic, 2, { timeoutMs: 600 })).rejects.toThrow('there are 1: "only one"');
  });

  test('the lines of a file go to a topic and back', async () => {
    const dir = new TempDir('io');
    const lines = 'first\nzweite Zeile\n\u00e9\n';
    const topic = topicName('lines');
    await produceFile(bootstrap, topic, dir.write('lines', lines));
    await dumpValues(bootstrap, topic, dir.file('copy'));
    expect(dir.read('copy')).toBe(lines);
    dir.remove();
    expect(await consumeValues(bootstrap, topic, 3)).toEqual(['first', 'zweite Zeile', '\u00e9']);
  });
});
