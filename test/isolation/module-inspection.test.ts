import { ConnectorThreads } from '../../src/isolation/connector-thread-handle';
import { ModuleInspection } from '../../src/isolation/module-inspection';
import { logLevels } from '../../src/log';
import { TempDir } from '../helpers/temp-dir';

const GOOD = `
const { ConfigDef } = require('connect-standalone/api');
exports.plugin = { className: 'com.example.Good', version: '2', type: 'source', taskClassName: 'com.example.GoodTask', createTask: () => ({}),
  createConnector: () => ({ version: () => '2', config: () => CONFIG, start() {}, taskConfigs: () => [], stop() {} }) };
`;

describe('the first look at a module', () => {
  const dir = new TempDir('inspection');
  const threads = new ConnectorThreads(logLevels, () => {});
  const inspection = new ModuleInspection(threads, 1500);
  afterAll(async () => {
    inspection.close();
    expect(await threads.close(5000)).toBe(true);
    dir.remove();
  });

  const inspect = (name: string, text: string) => {
    const file = dir.write(name, text);
    return inspection.inspect({ file, path: file, classNames: ['com.example.Named'] });
  };

  test('names the plugins; their code stays in its thread', async () => {
    const { plugins, failures } = await inspect('good.js', GOOD.replace('CONFIG', 'new ConfigDef()'));
    expect(failures).toEqual([expect.objectContaining({ failure: expect.objectContaining({ classNames: ['com.example.Named'] }) })]);
    expect(plugins).toEqual([
      expect.objectContaining({ className: 'com.example.Good', version: '2', taskClassName: 'com.example.GoodTask' }),
    ]);
    const [plugin] = plugins;
    expect(() => plugin?.type === 'source' && plugin.createConnector()).toThrow('not loaded in this thread');
  });

  test.each([
    ['a module that never ends', 'for (;;);', 'it did not load within 1500 ms'],
    ['a config() that never ends', GOOD.replace('CONFIG', '{ for (;;); }'), 'it did not load within 1500 ms'],
    ['a module that waits in a system call', "require('child_process').execSync('sleep 4')", 'it did not load within 1500 ms'],
    ['a module that ends its process', 'process.exit(3)', /ended unexpectedly \(exit code 3\)/],
    ['a module that throws', "throw new Error('no luck')", 'no luck'],
  ])('%s is a failure, and the next one loads', async (what, text, message) => {
    const name = what.replaceAll(' ', '-');
    const { plugins, failures } = await inspect(`${name}.js`, text);
    expect(plugins).toEqual([]);
    const [refused] = failures;
    expect(refused?.failure.text).toContain(`Could not load plugin ${dir.file(`${name}.js`)}: `);
    expect(refused?.failure.text).toMatch(message);
    expect(refused?.failure.classNames).toEqual(['com.example.Named']);
    expect((await inspect(`after-${name}.js`, GOOD.replace('CONFIG', 'new ConfigDef()'))).plugins).toHaveLength(1);
  });
});
