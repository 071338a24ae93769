import { ConfigDef } from '../../src/api/config-def';
import { assertPlugin, tryPlugin } from '../../src/plugins/assert-plugin';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';

const method = (): null => null;
const config = (): ConfigDef => new ConfigDef();
const TRANSFORMATION = { config, configure: method, apply: method, close: method };
const CONNECTOR = { version: method, config, start: method, taskConfigs: method, stop: method };
const SINK_TASK = { start: method, put: method, stop: method };

const transformation = (instance: unknown = TRANSFORMATION) => ({
  className: 'com.example.T',
  version: '1',
  type: 'transformation',
  create: () => instance,
});
const sink = (task: unknown = SINK_TASK) => ({
  className: 'com.example.S',
  version: '1',
  type: 'sink',
  createConnector: () => CONNECTOR,
  createTask: () => task,
});
const assert = (value: unknown) => assertPlugin(value, '/p/x.js, export plugins[0]');

describe('a descriptor', () => {
  test('of every built-in plugin passes, and so do its instances', () => {
    for (const plugin of BUILTIN_PLUGINS) expect(() => tryPlugin(assert(plugin))).not.toThrow();
  });

  test('may have its functions on its class', () => {
    class Descriptor {
      className = 'com.example.T';
      version = '1';
      type = 'transformation';
      private readonly made = TRANSFORMATION;
      create(): unknown {
        return this.made;
      }
    }
    const plugin = assert(new Descriptor());
    expect(plugin.type === 'transformation' && plugin.create()).toBe(TRANSFORMATION);
  });

  test('of a connector may leave out the name of its task', () => {
    expect(assert(sink())).toMatchObject({ taskClassName: 'com.example.STask' });
  });

  test.each<[string, unknown, string]>([
    ['that is no object', 5, 'this is not a plugin: it has no className'],
    ['null', null, 'this is not a plugin: it has no className'],
    ['a class', class T {}, 'this is not a plugin: it has no className'],
    [
      'without a proper class name',
      { ...transformation(), className: 'a b' },
      'className must be the name of a class such as com.example.MyTransform, not "a b"',
    ],
    [
      'with a number as class name',
      { ...transformation(), className: 1 },
      'className must be the name of a class such as com.example.MyTransform, not 1',
    ],
    ['without version', { ...transformation(), version: undefined }, 'version of com.example.T must be a text, not nothing'],
    ['with a number as version', { ...transformation(), version: 1 }, 'version of com.example.T must be a text, not 1'],
    ['with a blank version', { ...transformation(), version: ' ' }, 'version of com.example.T must be a text, not " "'],
    [
      'without type',
      { ...transformation(), type: undefined },
      'type of com.example.T must be one of source, sink, converter, header_converter, transformation, predicate, not nothing',
    ],
    [
      'of a type from the prototype',
      { ...transformation(), type: 'toString' },
      'type of com.example.T must be one of source, sink, converter, header_converter, transformation, predicate, not "toString"',
    ],
    [
      'that creates nothing',
      { ...transformation(), create: undefined },
      'com.example.T has no function create(), which creates a Transformation',
    ],
    [
      'of a connector without tasks',
      { ...sink(), createTask: SINK_TASK },
      'com.example.S has no function createTask(), which creates a SinkTask',
    ],
    ['with a task name that is no text', { ...sink(), taskClassName: 1 }, 'taskClassName of com.example.S must be a text, not 1'],
  ])('%s is refused', (_, value, problem) => {
    expect(() => assert(value)).toThrow(`/p/x.js, export plugins[0]: ${problem}`);
  });
});

describe('an instance', () => {
  const create = (value: unknown): unknown => {
    const plugin = assert(value);
    return plugin.type === 'source' || plugin.type === 'sink' ? plugin.createTask() : plugin.create();
  };

  test.each<[string, unknown, string]>([
    ['is missing', transformation(null), 'com.example.T: create() must return a Transformation, not null'],
    ['is a class', transformation(class {}), 'com.example.T: create() must return a Transformation, not a function'],
    [
      'is a promise',
      transformation(Promise.resolve(TRANSFORMATION)),
      'com.example.T: create() must return a Transformation, not a promise of one',
    ],
    [
      'lacks a method',
      transformation({ ...TRANSFORMATION, close: undefined }),
      'com.example.T: create() returns a Transformation without the method close()',
    ],
    [
      'has a value for a method',
      transformation({ ...TRANSFORMATION, apply: 1 }),
      'com.example.T: create() returns a Transformation without the method apply()',
    ],
    [
      'of a task lacks a method',
      sink({ ...SINK_TASK, put: undefined }),
      'com.example.S: createTask() returns a SinkTask without the method put()',
    ],
    [
      'has no method where one may be',
      sink({ ...SINK_TASK, flush: true }),
      'com.example.S: createTask() returns a SinkTask whose flush is not a method but true',
    ],
  ])('that %s is refused each time it is created', (_, value, problem) => {
    for (let i = 0; i < 2; i++) expect(() => create(value)).toThrow(`/p/x.js, export plugins[0]: ${problem}`);
  });

  test('whose constructor throws: the message says where, the cause is kept', () => {
    const cause = new Error('no luck');
    const failing = assert({
      ...transformation(),
      create: () => {
        throw cause;
      },
    });
    expect(() => tryPlugin(failing)).toThrow(
      expect.objectContaining({ message: '/p/x.js, export plugins[0]: com.example.T: create() has thrown: no luck', cause }),
    );
  });

  test('of a task is not made when plugins are tried', () => {
    const plugin = assert({
      ...sink(),
      createTask: () => {
        throw new Error('made');
      },
    });
    expect(() => tryPlugin(plugin)).not.toThrow();
  });

  class Foreign {}
  Object.defineProperty(Foreign, 'name', { value: 'ConfigDef' });
  test.each<[string, () => unknown, string]>([
    [
      'throws',
      () => {
        throw new Error('no luck');
      },
      'config() of com.example.T has thrown: no luck',
    ],
    ['returns nothing', () => undefined, 'config() of com.example.T must return a ConfigDef of connect-standalone/api, not nothing'],
    ['returns a plain object', () => ({}), 'config() of com.example.T must return a ConfigDef of connect-standalone/api, not an object'],
    ['returns the class of another copy', () => new Foreign(), 'not one of another copy of it; a bundler must leave that import alone'],
  ])('whose config() %s is refused', (_, badConfig, problem) => {
    expect(() => tryPlugin(assert(transformation({ ...TRANSFORMATION, config: badConfig })))).toThrow(problem);
  });
});
