import { ConfigDef, NO_DEFAULT, Password } from '../../src/api/config-def';
import { atLeast, nonEmptyString } from '../../src/api/config-validators';
import { untag } from '../helpers/vectors/config-vectors';
import { errorOf, readVectors, type VectorCase } from '../helpers/vectors/fixtures';
import { key, VECTOR_DEF } from '../helpers/vectors/vector-definition';

type Tagged = Parameters<typeof untag>[0];

const show = (value: unknown): unknown => (value instanceof Password ? value.value : value);

describe('parse agrees with Java', () => {
  test.each(readVectors<VectorCase<Record<string, string | null>, Record<string, Tagged>>>('config/ConfigDef.parse.json'))(
    '$name',
    ({ input, expect: wanted, error }) => {
      const parse = () => VECTOR_DEF.parse(input, { findClass: name => name });
      if (error) expect(errorOf(parse)).toEqual({ class: error.class, message: error.message });
      else for (const [name, value] of Object.entries(wanted ?? {})) expect(show(parse().get(name))).toEqual(show(untag(value)));
    },
  );
});

describe('define', () => {
  test('refuses a name twice, like Java', () => {
    expect(() => new ConfigDef().define(key('a')).define(key('a'))).toThrow('Configuration a is defined twice.');
  });

  test('refuses a default that its own validator refuses', () => {
    expect(() => new ConfigDef().define(key('a', { type: 'INT', defaultValue: 0, validator: atLeast(1) }))).toThrow('at least 1');
  });

  test('keeps keys and groups in the order of definition', () => {
    const def = new ConfigDef()
      .define(key('b', { group: 'G2' }))
      .define(key('a', { group: 'G1' }))
      .define(key('c', { group: 'G2' }));
    expect([...def.keys.keys()]).toEqual(['b', 'a', 'c']);
    expect(def.groups).toEqual(['G2', 'G1']);
  });
});

describe('parse', () => {
  test('says when it dropped duplicates', () => {
    const warnings: string[] = [];
    VECTOR_DEF.parse({ req: 'r', 'list.any': 'a,b,a' }, { warn: message => warnings.push(message) });
    expect(warnings).toEqual([
      'Configuration key "list.any" contains duplicate values. Duplicates will be removed. The original value is: [a, b, a], the updated value is: [a, b]',
    ]);
  });

  test('a dependent that nobody defined is an error', () => {
    const def = new ConfigDef().define(key('a', { dependents: ['b'] }));
    expect(() => def.parse({})).toThrow('Some configurations in are referred in the dependents, but not defined: b');
    expect(def.validate({}).map(({ name, errors, visible }) => ({ name, errors, visible }))).toEqual([
      { name: 'a', errors: [], visible: true },
      { name: 'b', errors: ['b is referred in the dependents, but not defined.'], visible: false },
    ]);
  });

  test.each(['__proto__', 'constructor', 'toString'])('%s is a key like any other', name => {
    const def = new ConfigDef().define(key(name));
    expect(def.parse({}).get(name)).toBe('x');
    expect(def.parse(JSON.parse(`{"${name}":"y"}`)).get(name)).toBe('y');
  });
});

describe('validate', () => {
  test('collects what parse would throw, a bad value counting as null', () => {
    const errors = VECTOR_DEF.validate({ 'int.min': 'x', valid: 'zz', 'list.any': 'a,a' }).flatMap(value => value.errors);
    expect(errors).toEqual([
      'Missing required configuration "req" which has no default value.',
      'Invalid value x for configuration int.min: Not a number of type INT',
      'Invalid value null for configuration int.min: Value must be non-null',
      'Invalid value zz for configuration valid: String must be one of: a, b',
      "Configuration 'list.any' values must not be duplicated.",
    ]);
  });

  test('recommends values and hides keys by the other settings', () => {
    const def = new ConfigDef()
      .define(key('a', { defaultValue: null }))
      .define(key('b', { recommender: props => [props.a], visible: props => props.a !== null }));
    expect(def.validate({ a: '1' })[1]).toMatchObject({ recommendedValues: ['1'], visible: true });
    expect(def.validate({})[1]).toMatchObject({ visible: false });
  });

  test('a fault of a validator that is no ConfigException comes through', () => {
    const def = new ConfigDef().define(
      key('a', {
        defaultValue: NO_DEFAULT,
        validator: () => {
          throw new TypeError('fault');
        },
      }),
    );
    expect(() => def.validate({ a: '1' })).toThrow(TypeError);
  });
});

describe('embed', () => {
  test('sorts as Java does, and validators speak of the bare key', () => {
    const child = new ConfigDef()
      .define(key('z', { importance: 'LOW' }))
      .define(key('m', { importance: 'HIGH' }))
      .define(key('r', { defaultValue: NO_DEFAULT, validator: nonEmptyString }));
    const def = new ConfigDef();
    def.embed('p.', 'Group', 2, child);
    expect([...def.keys.values()].map(({ name, group, orderInGroup }) => [name, group, orderInGroup])).toEqual([
      ['p.r', 'Group', 2],
      ['p.m', 'Group', 3],
      ['p.z', 'Group', 4],
    ]);
    expect(def.validate({ 'p.r': '' })[0]?.errors).toEqual(['Invalid value  for configuration r: String must be non-empty']);
  });
});
