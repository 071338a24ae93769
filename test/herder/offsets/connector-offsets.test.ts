import { parseJson, stringifyJson } from '../../../src/config/files/exact-json';
import { ConnectError } from '../../../src/errors';
import type { Herder } from '../../../src/herder/herder';
import { FakeWorld, SINK, SOURCE } from '../../helpers/fakes/herder-fakes';

let world: FakeWorld;
let herder: Herder;
const STOP_TEXT = (name: string): string =>
  `Connectors must be in the STOPPED state before their offsets can be modified. This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/${name}/stop' endpoint`;

const make = (name: string, connectorClass: string, more = {}, initialState: 'STARTED' | 'STOPPED' = 'STOPPED') =>
  herder.putConnectorConfig(name, { name, 'connector.class': connectorClass, ...more }, { allowReplace: false, initialState });

beforeEach(async () => {
  world = new FakeWorld();
  herder = await world.started();
});
afterEach(() => herder.stop());

describe('sources', () => {
  test('GET lists what is stored, int64 exact', async () => {
    await make('c', SOURCE);
    world.saved.set('["c",{"f":"x"}]', '{"p":9223372036854775807}').set('["c",{"f":"y"}]', null);
    expect(stringifyJson(await herder.connectorOffsets('c'))).toBe(
      '{"offsets":[{"partition":{"f":"x"},"offset":{"p":9223372036854775807}}]}',
    );
  });

  test('PATCH writes what the connector agreed to, null as a removal', async () => {
    await make('c', SOURCE);
    const offsets = [
      { partition: { f: 'x' }, offset: { position: 4n } },
      { partition: { f: 'y' }, offset: null },
    ];
    expect(await herder.alterConnectorOffsets('c', { offsets })).toBe('The offsets for this connector have been altered successfully');
    expect(world.judged).toEqual([offsets]);
    expect([...world.saved]).toEqual([
      ['["c",{"f":"x"}]', '{"position":4}'],
      ['["c",{"f":"y"}]', null],
    ]);
  });

  test('what the connector refuses changes nothing', async () => {
    await make('c', SOURCE);
    const offsets = [{ partition: { f: 'x' }, offset: { position: 'x' } }];
    await expect(herder.alterConnectorOffsets('c', { offsets })).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'position is no number',
    });
    expect(world.saved.size).toBe(0);
  });

  test.each([
    ['9223372036854775808', 'class java.math.BigInteger'],
    ['-9223372036854775809', 'class java.math.BigInteger'],
    ['99999999999999999999', 'class java.math.BigInteger'],
    ['[1]', 'ARRAY'],
    ['{"a":1}', 'MAP'],
    ['[]', 'ARRAY'],
  ])(
    '%s is nothing to store, in an offset or a partition, also where it is removed: refused before the connector is asked',
    async (json, kind) => {
      await make('c', SOURCE);
      const value = parseJson(json);
      const message = `Offsets may only contain primitive types as values, but field v contains ${kind}`;
      for (const offsets of [
        [{ partition: { f: 'x' }, offset: { p: 1n, v: value } }],
        [{ partition: { v: value }, offset: { p: 1n } }],
        [{ partition: { v: value }, offset: null }],
      ])
        await expect(herder.alterConnectorOffsets('c', { offsets })).rejects.toMatchObject({ code: 'BadRequestException', message });
      expect(world.judged).toEqual([]);
      expect(world.saved.size).toBe(0);
    },
  );

  test.each([
    ['9223372036854775807', '9223372036854775807'],
    ['-9223372036854775808', '-9223372036854775808'],
    ['1e400', '"Infinity"'],
    ['1.5', '1.5'],
    ['true', 'true'],
    ['null', 'null'],
  ])('%s can be stored, as Java stores it', async (json, stored) => {
    await make('c', SOURCE);
    await herder.alterConnectorOffsets('c', { offsets: [{ partition: { f: 'x' }, offset: { v: parseJson(json) } }] });
    expect([...world.saved]).toEqual([['["c",{"f":"x"}]', `{"v":${stored}}`]]);
  });

  test('DELETE removes all, also when there is nothing', async () => {
    await make('c', SOURCE);
    world.saved.set('["c",{"f":"x"}]', '{"p":1}').set('["d",{"f":"x"}]', '{"p":1}');
    for (let i = 0; i < 2; i++) {
      expect(await herder.resetConnectorOffsets('c')).toBe('The offsets for this connector have been reset successfully');
    }
    expect([...world.saved]).toEqual([
      ['["c",{"f":"x"}]', null],
      ['["d",{"f":"x"}]', '{"p":1}'],
    ]);
  });

  test.each(['STARTED', 'PAUSED'] as const)('%s: refused', async state => {
    await make('c', SOURCE, {}, 'STARTED');
    if (state === 'PAUSED') await herder.pauseConnector('c');
    const offsets = [{ partition: {}, offset: null }];
    await expect(herder.alterConnectorOffsets('c', { offsets })).rejects.toMatchObject({
      code: 'BadRequestException',
      message: STOP_TEXT('c'),
    });
    await expect(herder.resetConnectorOffsets('c')).rejects.toThrow(STOP_TEXT('c'));
  });

  test('a request right after stop sees the tasks ended', async () => {
    await make('c', SOURCE, {}, 'STARTED');
    const [, message] = await Promise.all([
      herder.stopConnector('c'),
      herder.alterConnectorOffsets('c', { offsets: [{ partition: { f: 'x' }, offset: { p: 1n } }] }),
    ]);
    expect(message).toContain('altered successfully');
    expect(world.live()).toEqual([]);
  });
});

describe('the body of PATCH', () => {
  const EMPTY = 'Partitions / offsets need to be provided for an alter offsets request';
  test.each([
    [{}, EMPTY],
    [{ offsets: null }, EMPTY],
    [{ offsets: [] }, EMPTY],
    [null, EMPTY],
    [[], EMPTY],
    [{ offsets: {} }, "'offsets' must be a list"],
    [{ offsets: [null] }, "Each element of 'offsets' must be an object"],
    [{ offsets: [{ partition: [], offset: {} }] }, "The field 'partition' must be an object or null"],
    [{ offsets: [{ partition: {}, offset: 5n }] }, "The field 'offset' must be an object or null"],
    [{ offsets: [{ part: {}, offset: {} }] }, 'Unrecognized field "part"'],
    [{ offsets: [{}], more: 1n }, 'Unrecognized field "more"'],
  ])('%j: 400, also for an unknown connector', async (body, text) => {
    await expect(herder.alterConnectorOffsets('nobody', body)).rejects.toMatchObject({
      code: 'BadRequestException',
      message: expect.stringContaining(text),
    });
  });

  test('unknown connector', async () => {
    const offsets = [{ partition: {}, offset: {} }];
    await expect(herder.alterConnectorOffsets('x', { offsets })).rejects.toMatchObject({
      code: 'NotFoundException',
      message: 'Connector x not found',
    });
    await expect(herder.resetConnectorOffsets('x')).rejects.toThrow('Connector x not found');
    await expect(herder.connectorOffsets('x')).rejects.toThrow('Connector x not found');
  });
});

describe('sinks', () => {
  const patch = (partition: unknown, offset: unknown) => herder.alterConnectorOffsets('s', { offsets: [{ partition, offset }] });

  beforeEach(() => make('s', SINK, { topics: 't' }));

  test('GET shows the group connect-<name>, or the overridden one', async () => {
    world.admin.groups.set('connect-s', [{ topic: 't', partition: 0, offset: 3 }]);
    expect(stringifyJson(await herder.connectorOffsets('s'))).toBe(
      '{"offsets":[{"partition":{"kafka_topic":"t","kafka_partition":0},"offset":{"kafka_offset":3}}]}',
    );
    await make('o', SINK, { topics: 't', 'consumer.override.group.id': 'mine' });
    world.admin.groups.set('mine', [{ topic: 't', partition: 1, offset: 9 }]);
    expect((await herder.connectorOffsets('o')).offsets).toHaveLength(1);
  });

  test('PATCH sets and removes; numbers may be texts; the last entry for a partition counts', async () => {
    world.admin.groups.set('connect-s', [{ topic: 't', partition: 1, offset: 7 }]);
    const at = (partition: unknown, offset: unknown) => ({ partition: { kafka_topic: 't', kafka_partition: partition }, offset });
    await herder.alterConnectorOffsets('s', {
      offsets: [at('0', { kafka_offset: '1' }), at(0n, { kafka_offset: 2n }), at(1n, null)],
    });
    expect(world.admin.groups.get('connect-s')).toEqual([{ topic: 't', partition: 0, offset: 2 }]);
    expect(world.judged).toEqual([
      [
        { topic: 't', partition: 0, offset: 2 },
        { topic: 't', partition: 1, offset: null },
      ],
    ]);
  });

  test('an offset that no number of JavaScript can hold is exact in the group and over REST', async () => {
    await patch({ kafka_topic: 't', kafka_partition: 0n }, { kafka_offset: 9223372036854775807n });
    expect(world.admin.groups.get('connect-s')).toEqual([{ topic: 't', partition: 0, offset: 9223372036854775807n }]);
    expect(stringifyJson(await herder.connectorOffsets('s'))).toContain('{"kafka_offset":9223372036854775807}');
  });

  const KEYS = "The partition for a sink connector offset must contain the keys 'kafka_topic' and 'kafka_partition'";
  const good = { kafka_topic: 't', kafka_partition: 0n };
  test.each([
    [null, null, 'The partition for a sink connector offset cannot be null or missing'],
    [{ kafka_topic: 't' }, null, KEYS],
    [{ kafka_partition: 0n }, null, KEYS],
    [{ kafka_topic: null, kafka_partition: 0n }, null, 'Kafka topic names must be valid strings and may not be null'],
    [{ kafka_topic: 't', kafka_partition: null }, null, 'Kafka partitions must be valid numbers and may not be null'],
    [
      { kafka_topic: 't', kafka_partition: 'x' },
      null,
      "Failed to parse the following Kafka partition value in the provided offsets: 'x'. Partition values for sink connectors need to be integers.",
    ],
    [{ kafka_topic: 't', kafka_partition: 2147483648n }, null, 'Failed to parse the following Kafka partition value'],
    [{ kafka_topic: 't', kafka_partition: -1n }, null, "may not be negative: '-1'"],
    [good, {}, "The offset for a sink connector should either be null or contain the key 'kafka_offset'"],
    [
      good,
      { kafka_offset: 1.5 },
      "Failed to parse the following Kafka offset value in the provided offsets: '1.5'. Offset values for sink connectors need to be integers.",
    ],
    [good, { kafka_offset: 2n ** 63n }, "Failed to parse the following Kafka offset value in the provided offsets: '9223372036854775808'"],
    [
      good,
      { kafka_offset: 10n ** 20n - 1n },
      "Failed to parse the following Kafka offset value in the provided offsets: '99999999999999999999'",
    ],
    [good, { kafka_offset: 1 }, "provided offsets: '1.0'. Offset"],
    [good, { kafka_offset: Number.POSITIVE_INFINITY }, "provided offsets: 'Infinity'. Offset"],
    [good, { kafka_offset: [1n] }, "provided offsets: '[1]'. Offset"],
    [good, { kafka_offset: { a: 1n } }, "provided offsets: '{a=1}'. Offset"],
    [{ ...good, kafka_partition: [1n] }, null, "provided offsets: '[1]'. Partition"],
    [{ ...good, kafka_partition: 1 }, null, "provided offsets: '1.0'. Partition"],
    [good, { kafka_offset: null }, "provided offsets: 'null'. Offset"],
    [good, { kafka_offset: -1n }, "may not be negative: '-1'"],
  ])('PATCH of %p, %p is refused', async (partition, offset, text) => {
    await expect(patch(partition, offset)).rejects.toMatchObject({ code: 'BadRequestException', message: expect.stringContaining(text) });
    expect(world.admin.groups.size).toBe(0);
  });

  test('DELETE deletes the group after asking the connector', async () => {
    world.admin.groups.set('connect-s', [{ topic: 't', partition: 1, offset: 7 }]);
    expect(await herder.resetConnectorOffsets('s')).toBe('The offsets for this connector have been reset successfully');
    expect(world.admin.groups.size).toBe(0);
    expect(world.judged).toEqual([[{ topic: 't', partition: 1, offset: null }]]);
    expect(await herder.resetConnectorOffsets('s')).toContain('reset successfully');
  });

  test('a group in use: 500 with advice; other errors of Kafka with their text', async () => {
    world.admin.error = new ConnectError('GroupNotEmptyException', 'The group is not empty.');
    await expect(patch(good, { kafka_offset: 1n })).rejects.toMatchObject({
      code: 'ConnectException',
      message: expect.stringMatching(
        /^Failed to alter consumer group offsets for connector s either because its tasks haven't stopped completely yet or /,
      ),
    });
    world.admin.error = new ConnectError('TimeoutException', 'no broker');
    await expect(herder.connectorOffsets('s')).rejects.toThrow('Failed to retrieve consumer group offsets for connector s: no broker');
  });
});
