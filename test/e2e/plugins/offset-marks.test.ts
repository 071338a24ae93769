/** Marks of source offsets, as the author of a plugin meets them: stored with an offset, shown at the next start, and at most 1 KiB long. */
import fs from 'node:fs';
import { type Settings, startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const PLUGIN = `
const { ConfigDef, MAX_MARK_BYTES, OFFSET_MARK, STRING_SCHEMA } = require('connect-standalone/api');
class Task {
  start(props, context) {
    const { offsetStorageReader: stored } = context;
    this.props = props;
    this.context = context;
    this.next = Number(stored.offset({ p: 'x' })?.n ?? 0) + 1;
    context.logger.info('Begins at ' + this.next + ' with the mark ' + stored.mark({ p: 'x' }) + ', limit ' + MAX_MARK_BYTES);
  }
  async poll() {
    if (this.done) {
      await new Promise(resolve => { setTimeout(resolve, 1000); this.context.signal().addEventListener('abort', resolve); });
      return null;
    }
    this.done = true;
    const { topic, mark } = this.props;
    const sourceOffset = { n: BigInt(this.next), [OFFSET_MARK]: mark };
    return [{ topic, kafkaPartition: null, keySchema: null, key: null, valueSchema: STRING_SCHEMA, value: 'v', timestamp: null, headers: [],
      sourcePartition: { p: 'x' }, sourceOffset }];
  }
  stop() {}
}
exports.plugin = { className: 'com.example.MarkingConnector', version: '1', type: 'source', taskClassName: 'com.example.MarkingTask',
  createTask: () => new Task(),
  createConnector: () => ({ version: () => '1', config: () => new ConfigDef(), start(props) { this.props = props; },
    taskConfigs() { return [this.props]; }, alterOffsets: () => true, stop() {} }) };
`;

let dir: TempDir;
let worker: WorkerProcess | undefined;
beforeEach(() => {
  dir = new TempDir('marks');
  dir.write('plugins/marking.js', PLUGIN);
});
afterEach(async () => {
  await worker?.stop();
  dir.remove();
});

const start = async (more: Settings): Promise<WorkerProcess> => {
  worker = await startWorker({ bootstrap: sharedBootstrap(), dir, worker: { 'plugin.path': dir.file('plugins'), ...more } });
  return worker;
};
const marking = (mark: string): Settings => ({
  name: 'marking',
  'connector.class': 'com.example.MarkingConnector',
  topic: `marks-${process.pid}`,
  mark,
});

test.each<[string, Settings, isInFile: boolean]>([
  ['at least once', {}, true],
  ['exactly once', { 'exactly.once.source.support': 'enabled', 'offset.storage.topic': `marks-offsets-${process.pid}` }, false],
])(
  'a mark comes back with its offset after a kill -9, %s; an offset that was set by hand has none',
  async (_, more, isInFile) => {
    const first = await start(more);
    await first.create(marking('Grüße'));
    await first.waitLog('Begins at 1 with the mark null, limit 1024');
    const saved = (n: number): Promise<unknown> =>
      waitFor(`offset ${n}`, async () => (await worker?.get('/connectors/marking/offsets'))?.text.includes(`{"n":${n}}`));
    await saved(1);
    // What REST shows is in memory; a kill leaves what is in the file.
    if (isInFile)
      await waitFor('the offset in the file', () => fs.existsSync(dir.file('offsets')) && dir.read('offsets').includes('{"n":1}'));
    await first.kill9();

    const second = await start(more);
    await second.create(marking('second'));
    await second.waitLog('Begins at 2 with the mark Grüße');
    await saved(2);
    await second.rest('PUT', '/connectors/marking/stop');
    const offsets = [{ partition: { p: 'x' }, offset: { n: 2 } }];
    await waitFor(
      'the connector to stop',
      async () => (await second.rest('PATCH', '/connectors/marking/offsets', { offsets })).status === 200,
    );
    await second.rest('PUT', '/connectors/marking/resume');
    await second.waitLog('Begins at 3 with the mark null');
  },
  90_000,
);

test('a mark of more than 1 KiB fails its task with a message that says so, and nothing else', async () => {
  const running = await start({});
  await running.create({ ...marking('x'.repeat(1024)), name: 'long' });
  await running.create({ ...marking('x'.repeat(1025)), name: 'longer' });
  await running.waitState('longer', 'RUNNING', 'FAILED');
  const status = JSON.stringify((await running.get('/connectors/longer/status')).json);
  expect(status).toContain('is 1025 bytes long, more than the 1024 that are kept beside an offset');
  expect(JSON.stringify((await running.get('/connectors/longer/offsets')).json)).toBe('{"offsets":[]}');
  await running.waitState('long', 'RUNNING');
}, 90_000);
