import { ConfigDef } from '../../src/api/config-def';
import { stageSettings } from '../../src/config/tasks/stage-settings';
import type { ConnectRecord } from '../../src/data/record/record';
import { javaStackTrace } from '../../src/errors';
import { ErrorHandler } from '../../src/pipeline/error-handler';
import { RecordSteps } from '../../src/pipeline/record-steps';
import { type Carrier, type StagePlugins, TransformationChain } from '../../src/pipeline/transformation-chain';
import { fakeLogger } from '../helpers/fakes/fake-logger';
import { readErrorSettings } from '../helpers/fakes/settings';
import { type Calls, stagePlugins } from '../helpers/fakes/test-stages';

function setUp(props: Readonly<Record<string, string>>, tolerance: 'none' | 'all' = 'none') {
  const calls: Calls = [];
  const logger = fakeLogger();
  const errors = new ErrorHandler('c-0', { ...readErrorSettings({}), tolerance, logEnabled: true, includeMessages: true }, logger);
  const chain = new TransformationChain<ConnectRecord>({ stages: stageSettings(props), plugins: stagePlugins(calls), logger });
  const steps = new RecordSteps<Draft>(chain.steps(), errors, ({ original }) => ({ type: 'text', text: `a record of ${original.topic}` }));
  /** The record as the chain leaves it; null if it is left out. */
  const apply = async (original: ConnectRecord): Promise<ConnectRecord | null> => {
    const draft: Draft = { original, record: original };
    return (await steps.run(draft)) === 'kept' ? draft.record : null;
  };
  return { chain, apply, calls, errors, logger };
}

interface Draft extends Carrier<ConnectRecord> {
  readonly original: ConnectRecord;
}

const RECORD: ConnectRecord = {
  topic: 't',
  kafkaPartition: null,
  keySchema: null,
  key: null,
  valueSchema: null,
  value: 'v',
  timestamp: 5,
  headers: [],
};
const record = (value: string): ConnectRecord => ({ ...RECORD, value });

const APPEND_BOTH = {
  transforms: 'b, a',
  'transforms.a.type': 'test.Append',
  'transforms.a.text': 'A',
  'transforms.b.type': 'test.Append',
  'transforms.b.text': 'B',
};

describe('a chain', () => {
  test('applies its stages in the order of the list', async () => {
    const { chain, apply } = setUp(APPEND_BOTH);
    expect((await apply(record('v')))?.value).toBe('vBA');
    expect(chain.isEmpty).toBe(false);
  });

  test.each([{}, { transforms: '' }, { transforms: ' ' }])('of %j is empty and gives back the very record', async props => {
    const { chain, apply } = setUp(props);
    const given = record('v');
    expect(chain.isEmpty).toBe(true);
    expect(await apply(given)).toBe(given);
  });

  test("gives each part its own settings, without those that are the stage's", () => {
    const { calls } = setUp({
      transforms: 'a',
      'transforms.a.type': 'test.Append',
      'transforms.a.text': 'A',
      'transforms.a.predicate': 'p',
      'transforms.a.negate': 'true',
      'transforms.ab.text': 'not mine',
      predicates: 'p',
      'predicates.p.type': 'test.Holds',
      'predicates.p.text': 'x',
    });
    expect(calls).toEqual([
      ['configure Append', { type: 'test.Append', text: 'A' }],
      ['configure Holds', { type: 'test.Holds', text: 'x' }],
    ]);
  });

  test.each([
    ['false', 'x', 'xA'],
    ['false', 'y', 'y'],
    ['true', 'x', 'x'],
    [' TRUE ', 'y', 'yA'],
  ])('with negate %s and value %s gives %s', async (negate, value, expected) => {
    const { apply } = setUp({
      transforms: 'a',
      'transforms.a.type': 'test.Append',
      'transforms.a.text': 'A',
      'transforms.a.predicate': 'p',
      'transforms.a.negate': negate,
      predicates: 'p',
      'predicates.p.type': 'test.Holds',
      'predicates.p.text': 'x',
    });
    expect((await apply(record(value)))?.value).toBe(expected);
  });

  test('a predicate sees the record as the stage before has left it', async () => {
    const { apply } = setUp({
      ...APPEND_BOTH,
      'transforms.a.predicate': 'p',
      predicates: 'p',
      'predicates.p.type': 'test.Holds',
      'predicates.p.text': 'B',
    });
    expect((await apply(record('v')))?.value).toBe('vBA');
  });

  test('a dropped record reaches no further stage', async () => {
    const props = { transforms: 'drop,refuse', 'transforms.drop.type': 'test.Drop', 'transforms.refuse.type': 'test.Refuse' };
    const { apply, errors } = setUp(props);
    expect(await apply(record('v'))).toBeNull();
    expect(errors.skipped).toBe(0);
  });

  test('closes every part once, also behind one that fails', () => {
    const { chain, calls, logger } = setUp({
      ...APPEND_BOTH,
      'transforms.b.odd': 'close',
      'transforms.a.predicate': 'p',
      predicates: 'p',
      'predicates.p.type': 'test.Holds',
    });
    calls.splice(0);
    chain.close();
    expect(calls).toEqual([['close Append'], ['close Append'], ['close Holds']]);
    expect(logger.lines).toContainEqual(expect.stringContaining('WARN Failed to close'));
  });
});

describe('a stage that fails', () => {
  const REFUSE = { ...APPEND_BOTH, transforms: 'b,r,a', 'transforms.r.type': 'test.Refuse', 'transforms.r.text': 'xB' };

  test('fails the task; its class stands in the log, its error behind the answer', async () => {
    const { apply, logger } = setUp(REFUSE);
    await expect(apply(record('x'))).rejects.toThrow(
      expect.objectContaining({
        message: 'Tolerance exceeded in error handler',
        cause: expect.objectContaining({ message: 'refused: xB' }),
      }),
    );
    expect(logger.lines).toContainEqual(
      expect.stringContaining("Executing stage 'TRANSFORMATION' with class 'test.Refuse', where a record of t."),
    );
  });

  test('leaves the record out where that is tolerated, and only that one', async () => {
    const { apply, errors } = setUp(REFUSE, 'all');
    expect([await apply(record('x')), errors.skipped]).toEqual([null, 1]);
    expect([(await apply(record('y')))?.value, errors.skipped]).toEqual(['yBA', 1]);
  });
});

test.each([
  ['nothing', undefined],
  ['a promise', Promise.resolve(RECORD)],
])('a transformation that returns %s is told so, and the record goes no further', async (what, returned) => {
  const careless = { config: () => new ConfigDef(), configure: () => {}, apply: () => returned, close: () => {} };
  const plugin = { className: 'test.Careless', version: '1', type: 'transformation', create: () => careless };
  const plugins: StagePlugins = { find: () => plugin as never };
  const props = { transforms: 'a', 'transforms.a.type': 'test.Careless' };
  const [step] = new TransformationChain<ConnectRecord>({ stages: stageSettings(props), plugins, logger: fakeLogger() }).steps();
  const carrier = { record: RECORD };
  expect(() => step?.run(carrier)).toThrow(`test.Careless has returned ${what}: apply() must return a record, or null to drop it`);
  expect(carrier.record).toBe(RECORD);
});

describe('a chain that cannot be made', () => {
  test.each([
    [{ transforms: 'a' }, 'Invalid value null for configuration transforms.a.type: Class null could not be found.'],
    [
      { transforms: 'a', 'transforms.a.type': 'Nope' },
      'Invalid value Nope for configuration transforms.a.type: Class Nope could not be found.',
    ],
    [{ transforms: 'a', 'transforms.a.type': 'test.Append', 'transforms.a.odd': 'configure' }, 'odd setting'],
    [
      { transforms: 'a', 'transforms.a.type': 'test.Append', 'transforms.a.predicate': 'p' },
      'Invalid value null for configuration predicates.p.type: Class null could not be found.',
    ],
  ] as const)('%j: says why', (props, message) => {
    const text = `org.apache.kafka.common.config.ConfigException: ${message}`;
    expect(() => setUp(props)).toThrow(expect.objectContaining({ code: 'ConnectException', message: text }));
    try {
      setUp(props);
    } catch (error) {
      expect(javaStackTrace(error)).toContain(`Caused by: ${text}`);
    }
  });
});
