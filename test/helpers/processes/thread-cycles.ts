/**
 * Starts and ends task threads, one after the other, in a process of its own, and prints what they leave behind as JSON.
 * Arguments: source or sink; `stop` (in order) or `cut` (a stop whose deadline is now); how many; bootstrap servers; topic.
 */
import fs from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { TaskOwner } from '../../../src/config/tasks/task-settings';
import { createClientKeeper } from '../../../src/kafka/native/client-keeper';
import { findLibrdkafka } from '../../../src/kafka/native/librdkafka';
import { logLevels } from '../../../src/log';
import { CELL_OF } from '../../../src/metrics/cells';
import { TaskThreads } from '../../../src/thread/task-threads';
import { readTaskSettings } from '../fakes/settings';

const [kind = 'source', how = 'stop', countText = '40', bootstrap = '', topic = ''] = process.argv.slice(2);
const STRING = 'org.apache.kafka.connect.storage.StringConverter';
const workerProps = {
  'bootstrap.servers': bootstrap,
  'key.converter': STRING,
  'value.converter': STRING,
  'offset.flush.timeout.ms': '3000',
};
const threads = new TaskThreads({
  keeper: createClientKeeper(findLibrdkafka()),
  logLevels,
  log: ({ level, message }) => {
    if (level === 'ERROR') process.stderr.write(`${message}\n`);
  },
  maxThreads: () => 32,
});

/** One life of a task: until it has moved some records, and then its end. @returns whether it ended in order, and its records */
async function cycle(i: number): Promise<{ inOrder: boolean; records: number }> {
  const props = {
    name: `cycle-${process.pid}-${how}-${i}`,
    'connector.class': `test.Test${kind === 'source' ? 'Source' : 'Sink'}Connector`,
    topic,
    topics: topic,
    pad: '100',
  };
  const id = { connector: props.name, task: 0 };
  const owner: TaskOwner = { id, kind: kind === 'source' ? 'source' : 'sink', connectorProps: props, taskProps: props };
  let records = 0;
  let moved: () => void;
  const busy = new Promise<void>((resolve, reject) => {
    moved = resolve;
    setTimeout(() => reject(new Error(`task ${i} moves nothing`)), 20_000).unref();
  });
  const handle = threads.start(
    {
      ...owner,
      connectorClass: props['connector.class'],
      settings: readTaskSettings(workerProps, owner),
      workerProps,
      paused: false,
      storedOffsets: [],
      draining: false,
      retentionWindows: [],
      pluginModules: [require.resolve('../fakes/test-plugins')],
      mayShareThread: false,
    },
    {
      onState: () => {},
      onFailed: error => process.stderr.write(`${error.stack}\n`),
      onTopicActive: () => {},
      onPlugins: () => {},
      onProgress: ({ cells }) => {
        records = cells[CELL_OF.recordsMoved] ?? 0;
        if (records > 200) moved();
      },
      onDrained: () => {},
      saveOffsets: async () => {},
    },
  );
  await busy;
  const inOrder = await handle.stop(how === 'cut' ? 0 : Date.now() + 10_000);
  return { inOrder, records };
}

const count = (what: string): number => fs.readdirSync(`/proc/self/${what}`).length;
const snapshot = () => ({ rssMiB: Math.round(process.memoryUsage.rss() / 1048576), fds: count('fd'), threads: count('task') });

async function main(): Promise<void> {
  const total = Number(countText);
  const delay = monitorEventLoopDelay();
  delay.enable();
  let inOrder = 0;
  let before = snapshot();
  for (let i = 0; i < total; i++) {
    inOrder += (await cycle(i)).inOrder ? 1 : 0;
    if (i === Math.floor(total / 2)) before = await settled();
  }
  const after = await settled();
  const freed = await threads.close();
  process.stdout.write(`${JSON.stringify({ inOrder, freed, before, after, maxDelayMs: Math.round(delay.max / 1e6) })}\n`);
  process.exit(0);
}

/** What there is when the last thread has been cleared away. */
async function settled(): Promise<ReturnType<typeof snapshot>> {
  await new Promise(resolve => setTimeout(resolve, 500));
  return snapshot();
}

void main();
