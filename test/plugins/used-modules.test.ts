import { ConfigDef } from '../../src/api/config-def';
import type { Plugin } from '../../src/api/plugin';
import { type LoadedModule, modulesFor } from '../../src/plugins/used-modules';

describe('the modules that a task needs', () => {
  const never = (): never => {
    throw new Error('not created here');
  };
  const plugin = (className: string): Plugin => ({ className, version: '1', type: 'transformation', create: never });
  const source: Plugin = {
    className: 'com.example.LogSourceConnector',
    version: '1',
    type: 'source',
    taskClassName: 'T',
    createConnector: () => ({ version: () => '1', config: () => new ConfigDef(), start: never, taskConfigs: never, stop: never }),
    createTask: never,
  };
  const modules: LoadedModule[] = [
    { file: '/a.js', path: '/a.js', plugins: [plugin('com.example.Cut$Key'), plugin('com.example.Cut$Value')] },
    { file: '/b.js', path: '/b.js', plugins: [source] },
    { file: '/c.js', path: '/c.js', plugins: [plugin('org.example.LogSource')] },
  ];

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['a class', { 'transforms.x.type': 'com.example.Cut$Value' }, ['/a.js']],
    ['a class with blanks around it', { 'transforms.x.type': ' com.example.Cut$Value ' }, ['/a.js']],
    ['a simple name', { 'connector.class': 'LogSourceConnector' }, ['/b.js']],
    ['a short name, of both that it might mean', { 'connector.class': 'LogSource' }, ['/b.js', '/c.js']],
    ['a list', { classes: 'x, org.example.LogSource' }, ['/c.js']],
    ['nothing of ours', { 'connector.class': 'FileStreamSource', note: 'com.example' }, []],
  ])('are those of which a setting names a plugin: %s', (_, props, files) => {
    expect(modulesFor([{}, props], modules)).toEqual(files);
  });
});
