/** How much code a worker at rest holds: each module costs memory in each thread, and time at the start. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { startWorker } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

/** Most modules of ours and of packages. What makes it necessary to raise one of these belongs into the message of the commit. */
const MOST = { main: 345, source: 205, sink: 155 } as const;
/** What only some workers need. */
const FOR_OTHERS = [
  /node_modules\/(?:fastify|commander|mysql2|pg|tedious|oracledb|better-sqlite3)\//,
  /src\/connectors\/jdbc\/(?:url|source|sink|config)\//,
  /src\/java\/regex\/regex-/,
  /src\/(?:tls|rest\/openapi|kafka\/native\/kerberos-login|herder\/kept\/connector-state-file|plugins\/plugin-loader)/,
  /src\/task\/(?:dead-letters|source\/exactly-once)\//,
];

/** Writes the names of the modules of its thread, again and again. */
const LIST = `
  const { threadId } = require('node:worker_threads');
  const { renameSync, writeFileSync } = require('node:fs');
  const file = process.env.MODULES_FOLDER + '/' + threadId;
  setInterval(() => {
    writeFileSync(file + '.new', Object.keys(require('node:module')._cache).join('\\n'));
    renameSync(file + '.new', file + '.list');
  }, 300).unref();
`;

test('a worker at rest has loaded what its source and its sink need, and not what others may', async () => {
  const dir = new TempDir('modules');
  const topic = `modules-${Date.now().toString(36)}`;
  const connectors = [
    { name: 'in', 'connector.class': 'FileStreamSource', topic, file: dir.write('in.txt', 'a line\n') },
    { name: 'out', 'connector.class': 'FileStreamSink', topics: topic, file: dir.file('out.txt') },
  ];
  const env = { NODE_OPTIONS: `--require ${dir.write('list.js', LIST)}`, MODULES_FOLDER: dir.path };
  const worker = await startWorker({ bootstrap: sharedBootstrap(), dir, connectors, env, until: 'started' });
  try {
    await worker.waitLog('server is started');
    await waitFor('the line', () => readFileSync(dir.file('out.txt'), 'utf8') === 'a line\n');
    // What was committed is written: the source has had its whole life.
    await waitFor('the offsets', () => readFileSync(dir.file('offsets')).length > 0);
    await new Promise(resolve => setTimeout(resolve, 1000));
    const lists = readdirSync(dir.path).filter(name => name.endsWith('.list'));
    const loaded = lists.map(name => readFileSync(path.join(dir.path, name), 'utf8').split('\n'));
    const of = (entry: string): readonly string[] => loaded.find(files => files.some(file => file.endsWith(entry))) ?? [];
    const threads = { main: of('cli/main.js'), source: of('source/source-loop.js'), sink: of('sink/sink-loop.js') };
    for (const [thread, most] of Object.entries(MOST) as [keyof typeof MOST, number][]) {
      const files = threads[thread];
      expect({ thread, unneeded: files.filter(file => FOR_OTHERS.some(pattern => pattern.test(file))) }).toEqual({ thread, unneeded: [] });
      expect({ thread, count: files.length, isFew: files.length > 50 && files.length <= most }).toEqual({
        thread,
        count: files.length,
        isFew: true,
      });
    }
  } finally {
    await worker.stop();
    dir.remove();
  }
});
