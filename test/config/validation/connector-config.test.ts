import { ConfigDef, NO_DEFAULT } from '../../../src/api/config-def';
import type { ConnectorPlugin } from '../../../src/api/plugin';
import { createOverridePolicy, warnOfDeprecatedPolicy } from '../../../src/config/clients/client-overrides';
import type { ConnectorProps } from '../../../src/config/connector-props';
import type { ConfigInfo, ConfigInfos } from '../../../src/config/validation/config-infos';
import { refuseNulls, validateConnectorConfig } from '../../../src/config/validation/connector-config';
import { describeFindings, findingsOf } from '../../../src/config/validation/findings';
import type { PluginLookup } from '../../../src/config/validation/plugin-lookup';
import { setLogSink } from '../../../src/log';
import { pluginWith, stockPlugins } from '../../helpers/fakes/plugin-table';
import { readFixture } from '../../helpers/vectors/fixtures';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const worker = {
  keyConverter: JSON_CONVERTER,
  valueConverter: JSON_CONVERTER,
  headerConverter: 'org.apache.kafka.connect.storage.SimpleHeaderConverter',
};
const plugins = stockPlugins();
const all = createOverridePolicy('All', []);

function validate(props: ConnectorProps, policy = all, table: PluginLookup = plugins): Promise<ConfigInfos> {
  return validateConnectorConfig({ props, plugins: table, worker, policy });
}

const source = (more: ConnectorProps = {}): ConnectorProps => ({ name: 'a', 'connector.class': 'FileStreamSource', topic: 't', ...more });

const problems = ({ configs }: ConfigInfos): Record<string, readonly string[]> =>
  Object.fromEntries(configs.flatMap(({ value }) => (value && value.errors.length > 0 ? [[value.name, value.errors]] : [])));

type Row = [name: string, definition: unknown[] | null, value: string | null, recommended: unknown, errors: string[], visible: boolean];

interface RecordedCase {
  readonly name: string;
  readonly props: ConnectorProps;
  readonly status: number;
  readonly message?: string;
  readonly post?: string;
  readonly error_count: number;
  readonly groups: string[];
  readonly configs: Row[];
}

interface Recorded {
  readonly documentation: Readonly<Record<string, string>>;
  readonly cases: RecordedCase[];
}

const recorded = readFixture<Recorded>('validate/cases.json');

/** Here the product is stricter than Java, or the text is one that the JVM made. */
const DIFFERENT = ['predicate-unknown-alias', 'predicate-bad-regex', 'converter-not-a-plugin'];

function toRow({ definition: d, value }: ConfigInfo): Row {
  const definition = d && [d.type, d.required, d.default_value, d.importance, d.group, d.order_in_group, d.width, d.display_name];
  if (!value) throw new Error('A setting without value');
  return [value.name, definition, value.value, value.recommended_values, [...value.errors], value.visible];
}

const namesOf = (kind: unknown): unknown =>
  typeof kind === 'string' ? plugins.list(kind as 'converter').map(({ className }) => className) : kind;

/** Java puts the keys of converters in the order of a HashMap; they come last, so sorting those by name compares the rest in order. */
function sortConverterKeys(rows: Row[]): Row[] {
  const isNested = ([name]: Row): boolean => /^(key|value|header)\.converter\.(?!plugin)/.test(name);
  const nested = rows.filter(isNested).sort(([a], [b]) => (a < b ? -1 : 1));
  return [...rows.filter(row => !isNested(row)), ...nested];
}

const sortConverterGroups = (groups: readonly string[]): string[] => {
  const isNested = (group: string): boolean => ['Schemas', 'Serialization'].includes(group);
  return [...groups.filter(group => !isNested(group)), ...groups.filter(isNested).sort()];
};

/** Replies of POST that come from validation; it adds a missing name and refuses JSON null before. */
const isValidationReply = ({ post, props }: RecordedCase): boolean =>
  (post ?? '').startsWith('Connector configuration is invalid') && props.name !== undefined && !Object.values(props).includes(null);

test.each(['key', 'value', 'header'])('Java refuses a blank behind the class of a %s converter', async type => {
  const className = `${JSON_CONVERTER}\t`;
  const infos = await validate(source({ [`${type}.converter`]: className }));
  expect(problems(infos)).toEqual({ [`${type}.converter`]: [`Failed to load class ${className}: ${className}`] });
});

test('Java takes blanks around the class of a transformation or predicate, and around the alias of a predicate', async () => {
  const stages = {
    transforms: ' h ',
    'transforms.h.type': ' org.apache.kafka.connect.transforms.HoistField$Value\t',
    'transforms.h.field': 'x',
    'transforms.h.predicate': ' p\t',
    'transforms.h.negate': ' true\t',
    predicates: 'p ',
    'predicates.p.type': '\torg.apache.kafka.connect.transforms.predicates.RecordIsTombstone ',
  };
  expect(problems(await validate(source(stages)))).toEqual({});
});

describe('answers are those of Java', () => {
  const answered = recorded.cases.filter(({ name, status }) => status === 200 && !DIFFERENT.includes(name));

  test.each(answered)('$name', async ({ props, error_count, groups, configs }) => {
    const infos = await validate(props);
    const wanted = configs.map(([name, definition, value, kind, ...rest]): Row => [name, definition, value, namesOf(kind), ...rest]);
    expect(sortConverterKeys(infos.configs.map(toRow))).toEqual(sortConverterKeys(wanted));
    expect([infos.error_count, sortConverterGroups(infos.groups)]).toEqual([error_count, sortConverterGroups(groups)]);
    expect(infos.name).toBe(props['connector.class']);
  });

  test.each(recorded.cases.filter(isValidationReply).filter(({ name }) => !DIFFERENT.includes(name)))(
    'text of the 400 of POST: $name',
    async ({ props, post }) => {
      expect(describeFindings(findingsOf(await validate(props)))).toBe(post);
    },
  );

  test('texts of the framework keys', async () => {
    const answers = await Promise.all(
      ['source-minimal', 'sink-minimal'].map(name => validate(recorded.cases.find(c => c.name === name)?.props ?? {})),
    );
    for (const { definition } of answers.flatMap(({ configs }) => configs)) {
      if (definition?.name === 'file') continue;
      expect([definition?.name, definition?.documentation]).toEqual([definition?.name, recorded.documentation[definition?.name ?? '']]);
    }
  });
});

describe('bad requests', () => {
  test('no connector class', async () => {
    await expect(validate({ name: 'a' })).rejects.toMatchObject({
      code: 'BadRequestException',
      message: 'Connector config {name=a} contains no connector type',
    });
  });

  test('unknown connector class', async () => {
    const message = expect.stringContaining(
      'Failed to find any class that implements Connector and which name matches Nope, available connectors are: org.apache.kafka.connect.file.FileStreamSinkConnector, ',
    );
    await expect(validate(source({ 'connector.class': 'Nope' }))).rejects.toMatchObject({ code: 'BadRequestException', message });
  });

  test('malformed version of the connector', async () => {
    const wrong = source({ 'connector.plugin.version': '[1.0' });
    await expect(validate(wrong)).rejects.toMatchObject({ code: 'BadRequestException', message: 'Unbounded range: [1.0' });
  });

  test('a client override of the wrong type', async () => {
    const key = 'producer.override.linger.ms';
    const infos = await validate(source({ [key]: 'abc' }));
    expect(problems(infos)).toEqual({ [key]: [`Invalid value abc for configuration ${key}: Not a number of type LONG`] });
  });
});

test('an unknown predicate is refused, which Java leaves to the task', async () => {
  const router = { transforms: 'r', 'transforms.r.type': 'RegexRouter', 'transforms.r.regex': 'x', 'transforms.r.replacement': 'y' };
  expect(problems(await validate(source({ ...router, 'transforms.r.predicate': 'zz' })))).toEqual({
    'transforms.r.predicate': [
      "Invalid value zz for configuration transforms.r.predicate: Predicate must be one of the aliases in 'predicates', which are []",
    ],
  });
});

describe('client overrides and policies', () => {
  const refused = (policy: string, key: string): string =>
    `The '${policy}' policy does not allow '${key}' to be overridden in the connector configuration.`;
  const overrides = source({
    'producer.override.batch.size': '1',
    'producer.override.sasl.mechanism': 'PLAIN',
    'producer.override.zzz': '1',
  });

  test.each([
    ['All', {}],
    ['org.apache.kafka.connect.connector.policy.AllConnectorClientConfigOverridePolicy', {}],
    ['None', { 'batch.size': 'None', 'sasl.mechanism': 'None', zzz: 'None' }],
    ['Principal', { 'batch.size': 'Principal', zzz: 'Principal' }],
    ['Allowlist', { 'sasl.mechanism': 'Allowlist', zzz: 'Allowlist' }],
  ])('%s', async (setting, wanted) => {
    const infos = await validate(overrides, createOverridePolicy(setting, ['batch.size']));
    const errors = Object.entries(wanted).map(([key, policy]) => [`producer.override.${key}`, [refused(policy, key)]]);
    expect(problems(infos)).toEqual(Object.fromEntries(errors));
    expect(infos.error_count).toBe(errors.length);
  });

  test('who uses Principal is told once, not with each validation', async () => {
    const lines: string[] = [];
    setLogSink(({ message }) => lines.push(message));
    const policy = createOverridePolicy('Principal', []);
    warnOfDeprecatedPolicy(policy);
    warnOfDeprecatedPolicy(createOverridePolicy('All', []));
    await validate(overrides, policy);
    setLogSink(() => {});
    expect(lines).toEqual([expect.stringContaining('Principal ConnectorClientConfigOverridePolicy is deprecated')]);
  });

  test('a policy nobody knows is an error', () => {
    expect(() => createOverridePolicy('Nope', [])).toThrow(
      'which name matches Nope, available policies are: All, Allowlist, None, Principal',
    );
  });
});

describe('broken plugins', () => {
  const withKey = new ConfigDef().define({ name: 'predicate', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'LOW', doc: '' });
  const broken = (className: string, type: 'converter' | 'transformation') => ({
    ...pluginWith(className, type, new ConfigDef()),
    create: () => {
      throw new Error('boom');
    },
  });

  test.each([
    ['converter', { 'key.converter': 'x.Broken' }, { 'key.converter': ['Failed to load class x.Broken: boom'] }],
    [
      'transformation',
      { transforms: 't', 'transforms.t.type': 'x.Broken' },
      {
        'transforms.t.type': [
          'Invalid value x.Broken for configuration transforms.t.type: Error getting config definition from Transformation: boom',
        ],
      },
    ],
  ] as const)('a %s that cannot be made is reported on its class key', async (type, props, wanted) => {
    const infos = await validate(source(props), all, stockPlugins(broken('x.Broken', type) as never));
    expect(problems(infos)).toEqual(wanted);
  });

  test('the framework’s predicate and negate hide keys of a transformation with these names', async () => {
    const table = stockPlugins(pluginWith('x.Hidden', 'transformation', withKey));
    const infos = await validate(source({ transforms: 't', 'transforms.t.type': 'x.Hidden' }), all, table);
    expect(problems(infos)).toEqual({});
  });
});

describe('the connector’s own validation', () => {
  const ownDef = new ConfigDef().define({ name: 'own', type: 'STRING', defaultValue: 'x', importance: 'LOW', doc: '' });

  function tableWith(validateOwn: (names: string[]) => { name: string; errors: string[] }[]): PluginLookup {
    const plugin = pluginWith('x.Own', 'source', ownDef) as ConnectorPlugin;
    const connector = {
      config: () => ownDef,
      validate: (_props: unknown, values: { name: string }[]) =>
        validateOwn(values.map(({ name }) => name)).map(value => ({ value: null, recommendedValues: [], visible: true, ...value })),
    };
    return stockPlugins({ ...plugin, createConnector: () => connector } as never);
  }

  test('sees the values of its own keys; a name without definition comes first', async () => {
    const table = tableWith(names => [...names, 'stranger'].map(name => ({ name, errors: [`bad ${name}`, 'twice'] })));
    const infos = await validate({ name: 'a', 'connector.class': 'x.Own' }, all, table);
    expect(infos.error_count).toBe(4);
    expect(infos.configs[0]).toMatchObject({ definition: null, value: { name: 'stranger', errors: ['bad stranger', 'twice'] } });
    expect(problems(infos).own).toEqual(['bad own', 'twice']);
    expect(describeFindings(findingsOf(infos))).toMatch(
      /^Connector configuration is invalid and contains the following 4 error\(s\):\nbad stranger\ntwice\nbad own/,
    );
  });

  test('a setting it says nothing of has no value', async () => {
    const infos = await validate(
      { name: 'a', 'connector.class': 'x.Own' },
      all,
      tableWith(() => []),
    );
    expect(infos.configs.at(-1)).toMatchObject({ definition: { name: 'own' }, value: null });
  });
});

describe('answers stay in proportion to what was asked', () => {
  const aliases = (count: number, length = 1): string => Array.from({ length: count }, (_, i) => `${i}`.padStart(length, 'x')).join(',');

  test.each(['transforms', 'predicates'])('too many or too long aliases of %s', async key => {
    const many = await validate(source({ [key]: aliases(20_000) }));
    expect(problems(many)).toEqual({ [key]: [`Configuration '${key}' has 20000 aliases: at most 100 are allowed`] });
    expect(JSON.stringify(many).length).toBeLessThan(400_000);
    const long = await validate(source({ [key]: aliases(100, 5000) }));
    expect(problems(long)[key]?.[0]).toMatch(/has an alias of 5000 characters, xxxxxxxxxxxxxxxxxxxx\.\.\.: at most 200 are allowed$/);
    expect(JSON.stringify(long).length).toBeLessThan(2_000_000);
    expect(problems(await validate(source({ [key]: aliases(100, 200) })))[key]).toBeUndefined();
  });
});

describe('names by which a connector cannot be reached again are refused', () => {
  test.each([
    ['\ud800', /^Invalid value \\ud800 for configuration name: String holds half of a character/],
    ['x\udc00y', /^Invalid value x\\udc00y for configuration name: String holds half of a character/],
    ['.', /Clients take it for a folder/],
    ['..', /Clients take it for a folder/],
    ['a\nb', /control sequences/],
    ['a\u0000b', /control sequences/],
    ['a\u009bb', /control sequences/],
    ['é'.repeat(1400), /It takes 8400 characters in an address, which is more than 8000$/],
  ])('%j', async (name, problem) => {
    expect(problems(await validate(source({ name }))).name).toEqual([expect.stringMatching(problem)]);
  });

  test.each(['/', 'a/b', '...', '%', '%2F', 'a b', '\u2028', '😀', 'x'.repeat(2000)])('%j is as good as any', async name => {
    expect(problems(await validate(source({ name })))).toEqual({});
  });
});

describe('JSON null is an error of its key before anything is stored, whoever defines it', () => {
  const keys = [
    'name',
    'topic',
    'file',
    'batch.size',
    'tasks.max',
    'transforms',
    'predicates',
    'key.converter',
    'value.converter.schemas.enable',
    'errors.tolerance',
    'topic.creation.groups',
    'topic.creation.default.partitions',
    'producer.override.acks',
    'config.action.reload',
    'offsets.storage.topic',
    'transforms.h.type',
    'transforms.h.field',
    'transforms.h.predicate',
    'predicates.p.pattern',
    'nobody',
  ];

  test.each(keys)('%s', async key => {
    const stages = {
      transforms: 'h',
      'transforms.h.type': 'org.apache.kafka.connect.transforms.HoistField$Value',
      'transforms.h.field': 'x',
      predicates: 'p',
      'predicates.p.type': 'org.apache.kafka.connect.transforms.predicates.TopicNameMatches',
      'predicates.p.pattern': 'x',
    };
    const props = source({ ...stages, file: 'x', [key]: null });
    const infos = refuseNulls(props, await validate(props));
    expect(infos.error_count).toBe(Object.values(problems(infos)).flat().length);
    expect(problems(infos)[key]).toContain('Null value can not be supplied as the configuration value.');
    expect(describeFindings(findingsOf(infos))).toContain('Null value can not be supplied as the configuration value.');
  });
});
