import { ConfigDef, type ConfigType } from '../../src/api/config-def';

const def = (
  [
    ['s', 'STRING', 'x'],
    ['i', 'INT', 7],
    ['l', 'LONG', '9223372036854775807'],
    ['d', 'DOUBLE', 0.5],
    ['b', 'BOOLEAN', true],
    ['list', 'LIST', 'a,b'],
    ['p', 'PASSWORD', 'secret'],
    ['nothing', 'STRING', null],
  ] as const satisfies [string, ConfigType, unknown][]
).reduce((all, [name, type, defaultValue]) => all.define({ name, type, defaultValue, importance: 'LOW', doc: '' }), new ConfigDef());

const config = def.parse({ s: 'y', unknown: '1' });

test('getters give the value in its type', () => {
  expect([config.getString('s'), config.getInt('i'), config.getDouble('d'), config.getBoolean('b')]).toEqual(['y', 7, 0.5, true]);
  expect(config.getList('list')).toEqual(['a', 'b']);
  expect(config.getPassword('p').value).toBe('secret');
});

test('a long beyond 2^53 is rounded by getLong and exact by get', () => {
  expect(config.getLong('l')).toBe(2 ** 63);
  expect(config.get('l')).toBe(9223372036854775807n);
});

test('null is for the OrNull getters only', () => {
  expect(config.getStringOrNull('nothing')).toBeNull();
  expect(() => config.getString('nothing')).toThrow("Configuration 'nothing' has no value");
});

test('an unknown key and a wrong type are errors that name the key', () => {
  expect(() => config.get('unknown')).toThrow("Unknown configuration 'unknown'");
  expect(() => config.getInt('s')).toThrow("Configuration 's' is not a number: y");
});

test('nothing can be changed', () => {
  expect(Object.isFrozen(config)).toBe(true);
  expect(() => (config.getList('list') as string[]).push('c')).toThrow(TypeError);
  expect(() => Object.assign(config.originals, { s: 'z' })).toThrow(TypeError);
});
