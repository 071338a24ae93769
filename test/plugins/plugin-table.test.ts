import { ConfigDef } from '../../src/api/config-def';
import type { ConverterPlugin, HeaderConverterPlugin, Plugin, SourcePlugin, TransformationPlugin } from '../../src/api/plugin';
import { PluginTable } from '../../src/plugins/plugin-table';

const never = (): never => {
  throw new Error('not created here');
};
const source = (className: string): SourcePlugin => ({
  className,
  version: '4.3.0',
  type: 'source',
  taskClassName: `${className}Task`,
  createConnector: () => ({ version: () => '1', config: () => new ConfigDef(), start: never, taskConfigs: never, stop: never }),
  createTask: never,
});
const converter = (className: string): ConverterPlugin => ({ className, version: '4.3.0', type: 'converter', create: never });
const headers = (className: string): HeaderConverterPlugin => ({ className, version: '4.3.0', type: 'header_converter', create: never });
const transformation = (className: string): TransformationPlugin => ({
  className,
  version: '4.3.0',
  type: 'transformation',
  create: never,
});

const FILE = 'org.apache.kafka.connect.file.FileStreamSourceConnector';
const table = (...plugins: Plugin[]): PluginTable => new PluginTable(plugins);

describe('names of plugins', () => {
  test.each([
    ['full class name', FILE],
    ['simple name', 'FileStreamSourceConnector'],
    ['without the suffix', 'FileStreamSource'],
  ])('%s', (_, name) => {
    expect(table(source(FILE)).connector(name).className).toBe(FILE);
    expect(table(source(FILE)).find('source', name)?.className).toBe(FILE);
  });

  test.each(['FileStream', 'filestreamsource', '', 'toString', '__proto__', `${FILE}X`, 'a.FileStreamSource'])('%p is unknown', name => {
    expect(table(source(FILE)).resolve(name)).toBeUndefined();
  });

  test('an alias of two classes is dropped, their full names stay', () => {
    const both = table(source('a.XConnector'), source('b.XConnector'));
    expect(both.resolve('X')).toBeUndefined();
    expect(both.resolve('XConnector')).toBeUndefined();
    expect(both.connector('b.XConnector').className).toBe('b.XConnector');
  });

  test('a class that is converter and header converter is found as both', () => {
    const both = table(converter('c.StringConverter'), headers('c.StringConverter'));
    expect(both.find('converter', 'StringConverter')?.type).toBe('converter');
    expect(both.find('header_converter', 'StringConverter')?.type).toBe('header_converter');
    expect(both.find('converter', 'String')?.className).toBe('c.StringConverter');
  });

  test('an inner class has its own short name only, so Key and Value are ambiguous', () => {
    const casts = table(transformation('t.Cast$Value'), transformation('t.Cast$Key'), transformation('t.HoistField$Value'));
    expect(casts.resolve('t.Cast$Value')).toBe('t.Cast$Value');
    expect(casts.resolve('Cast$Value')).toBeUndefined();
    expect(casts.resolve('Cast')).toBeUndefined();
    expect(casts.resolve('Value')).toBeUndefined();
  });

  test('a type asked for must be the type found', () => {
    expect(table(source(FILE)).find('sink', FILE)).toBeUndefined();
    expect(() => table(converter('c.JsonConverter'), source(FILE)).connector('JsonConverter')).toThrow('Failed to find any class');
  });

  test('the same class twice under one type is a mistake of ours', () => {
    expect(() => table(source(FILE), source(FILE))).toThrow('listed twice');
  });
});

describe('connector.class', () => {
  test('unknown: the text lists what there is', () => {
    expect(() => table(source(FILE)).connector('NoSuch')).toThrow(
      `Failed to find any class that implements Connector and which name matches NoSuch, available connectors are: ${FILE}`,
    );
  });

  test('ambiguous', () => {
    expect(() => table(source('a.XConnector'), source('b.XConnector')).connector('X')).toThrow(
      /^More than one connector matches alias X\. Please use full package and class name instead\. Classes found: a\.XConnector, b\.XConnector$/,
    );
  });
});

test('listing: sinks, sources, transformations, predicates, converters, header converters, each sorted', () => {
  const all = table(headers('z.H'), converter('b.C'), converter('a.C'), transformation('t.T'), source('s.S'));
  expect(all.list().map(({ className }) => className)).toEqual(['s.S', 't.T', 'a.C', 'b.C', 'z.H']);
  expect(all.list(['converter']).map(({ className }) => className)).toEqual(['a.C', 'b.C']);
});

describe('why a plugin is missing', () => {
  const failures = [
    { text: 'no module', classNames: [] },
    { text: 'it throws', classNames: ['com.example.A', 'com.example.Cut$Value'] },
    { text: 'no create()', classNames: ['com.example.B'] },
  ];
  const partial = new PluginTable([source(FILE)], failures);

  test.each([
    ['com.example.A', 'it throws'],
    ['A', 'it throws'],
    ['com.example.B', 'no create()'],
    ['e.A', 'no module'],
    ['', 'no module'],
    ['com.example.C', 'no module'],
  ])('%p: the failure of that class, or all whose classes nobody knows', (name, why) => {
    expect(partial.whyMissing(name)).toBe(why);
  });

  test('nothing has failed, or only classes of other names: no reason', () => {
    expect(table(source(FILE)).whyMissing('com.example.A')).toBeNull();
    expect(new PluginTable([], [{ text: 'it throws', classNames: ['com.example.A'] }]).whyMissing('com.example.B')).toBeNull();
  });

  test('a message stays short', () => {
    const many = Array.from({ length: 5 }, (_, i) => ({ text: `failure ${i}`, classNames: [] }));
    expect(new PluginTable([], many).whyMissing('X')).toBe('failure 0; failure 1; failure 2 (and 2 more, see the log)');
  });

  test('stands behind the text for connector.class', () => {
    expect(() => partial.connector('com.example.B')).toThrow(/FileStreamSourceConnector\. no create\(\)$/);
  });
});

test('who asks for what is not there sees where the others lie', () => {
  const own = source('com.example.Own');
  const mixed = new PluginTable([source(FILE), own], [], new Map([[own, 'file:/plugins/own']]));
  expect(() => mixed.connector('NoSuch')).toThrow(
    /connectors are: com\.example\.Own \(file:\/plugins\/own\), org\.apache\.kafka\.connect\.file\.FileStreamSourceConnector$/,
  );
});
