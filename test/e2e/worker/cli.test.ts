import { readFileSync } from 'node:fs';
import { inRepository } from '../../helpers/paths';
import { Child, type Result, runCommand } from '../../helpers/processes/child';
import {
  ourBinary,
  propertiesText,
  type Settings,
  STRING_CONVERTERS,
  startWorker,
  type WorkerProcess,
  workerFileText,
} from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { consumeValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';

const bootstrap = sharedBootstrap();
let dir: TempDir;
let worker: WorkerProcess | undefined;

beforeEach(() => {
  dir = new TempDir('cli');
});

afterEach(async () => {
  await worker?.kill9();
  worker = undefined;
  dir.remove();
});

const run = (...args: string[]): Promise<Result> => runCommand(ourBinary, args, { cwd: dir.path });

async function workerFile(settings: Settings = {}): Promise<string> {
  return dir.write('worker.properties', workerFileText(dir, bootstrap, await freePort(), settings));
}

const source = (name: string, settings: Settings = {}): Settings => ({
  name,
  'connector.class': 'FileStreamSource',
  file: dir.file('in.txt'),
  topic: `cli-${name}-${Date.now().toString(36)}`,
  ...settings,
});

describe('arguments that start nothing', () => {
  test.each([
    ['none', [], 1, /Usage: connect-standalone .*worker\.properties/],
    ['--help', ['--help'], 1, /--embedded-broker/],
    ['-h', ['-h'], 1, /--embedded-broker/],
    ['--help after files', ['w.properties', 'c.properties', '--help'], 1, /--drain/],
    ['--version', ['--version'], 0, /^connect-standalone \d.*Kafka Connect 4\.3\.0/],
    [
      'an option nobody knows, which Java takes for the worker file',
      ['--drian'],
      2,
      /--drian \(No such file or directory\).*no option --drian.*did you mean --drain/,
    ],
    ['a missing worker file', ['none.properties'], 2, /Stopping due to error: none\.properties \(No such file or directory\)/],
    ['a folder as worker file', ['.'], 2, /Stopping due to error: \. \(Is a directory\)/],
    ['no properties at all', [''], 2, /Missing required configuration "bootstrap\.servers"/],
  ])('%s', async (_name, args, code, text) => {
    const result = await run(...args);
    expect(result.code).toBe(code);
    expect(result.stdout.toString()).toMatch(text);
    if (code < 2) expect(result.stderr).toBe('');
    else {
      expect(result.stderr).toMatch(/^connect-standalone: .*\n$/);
      const said = result.stderr.slice('connect-standalone: '.length).trimEnd();
      expect(result.stdout.toString()).toContain(`Stopping due to error: ${said}`);
    }
  });

  test('only an option: the usage, and what is missing', async () => {
    const result = await run('--drain');
    expect(result.code).toBe(1);
    expect(result.stdout.toString()).toMatch(/Usage/);
    expect(result.stderr).toBe('connect-standalone: --drain: the worker file is missing, e.g. worker.properties\n');
  });
});

describe('files that are mixed up', () => {
  const connector = { name: 'c', 'connector.class': 'FileStreamSink', topics: 't', file: 'out.txt' };

  test('a connector file in the first place: what it is, and the order', async () => {
    const result = await run(dir.write('c.properties', propertiesText(connector)), await workerFile({}));
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(
      /^connect-standalone: \S*c\.properties: Missing required .*This is a file of a connector \(it has connector\.class, topics\)\. The worker file comes first/,
    );
  });

  test('a worker file in the second place', async () => {
    const file = await workerFile({});
    const result = await run(file, file);
    expect(result.code).toBe(3);
    expect(result.stderr).toMatch(
      /worker\.properties' is missing the mandatory 'name' configuration\. This is a file of a worker \(it has bootstrap/,
    );
  });

  test('a file for connect-distributed that misses nothing: a warning says that this is the standalone worker', async () => {
    const result = await run(
      await workerFile({
        'bootstrap.servers': '127.0.0.1:1',
        'default.api.timeout.ms': '500',
        'request.timeout.ms': '400',
        'group.id': 'g',
        'config.storage.topic': 'c',
      }),
    );
    expect(result.stdout.toString()).toMatch(
      /WARN group\.id at \S+:\d+, config\.storage\.topic at \S+:\d+: these settings are for distributed workers and have no effect\. This is the standalone worker, which keeps offsets in a file/,
    );
  });
});

test('the mistake is one line, without a trace of our code', async () => {
  const result = await run(await workerFile({ 'offset.flush.interval.ms': 'soon' }));
  const errors = result.stdout
    .toString()
    .split('\n')
    .filter(line => !line.includes('] INFO '));
  expect(errors.filter(line => line !== '')).toEqual([
    expect.stringMatching(
      /ERROR Stopping due to error: \S*worker\.properties: Invalid value soon for configuration offset\.flush\.interval\.ms: Not a number.*a whole number.*offset\.flush\.interval\.ms=60000/,
    ),
  ]);
});

test('all mistakes of the worker file are told in one go, in one line, with their lines; nothing is opened', async () => {
  const file = dir.write(
    'w.properties',
    `bootstrap.servers=embedded\nlisteners=http://127.0.0.1:${await freePort()}\n\nkey.converter=Nope\noffset.flush.timeout.ms=never\ntask.threads.max=0\n`,
  );
  const result = await run(file);
  expect(result.code).toBe(2);
  const wanted = [
    /w\.properties: Invalid value Nope for configuration key\.converter: Class Nope could not be found\. \(line 4\)\. Expected .*/,
    / And 4 more: \(2\) Missing required configuration "value\.converter" which has no default value\. Expected .*/,
    / \(3\) Invalid value never for configuration offset\.flush\.timeout\.ms: Not a number of type LONG \(line 5\)\. Expected .*=5000/,
    / \(4\) Missing required configuration "offset\.storage\.file\.filename".* \(5\) Invalid value 0 for .* \(line 6\)\. Expected .*\n$/,
  ];
  expect(result.stderr).toMatch(new RegExp(`^connect-standalone: \\S*${wanted.map(({ source: text }) => text).join('')}`));
  const log = result.stdout.toString();
  expect(log.match(/ ERROR .*/g)).toEqual([expect.stringContaining(result.stderr.slice('connect-standalone: '.length).trimEnd())]);
  expect(log).not.toMatch(/Embedded broker|REST/);
});

describe('with a broker that does not answer, what is wrong is said at once', () => {
  const away = { 'bootstrap.servers': '127.0.0.1:1' };
  const good = { name: 'good', 'connector.class': 'FileStreamSource', topic: 'never', file: 'in.txt' };

  test.each([
    ['a missing connector file', 3, null, /^connect-standalone: Failed to create connector for \S*bad\.properties: .*No such file/],
    ['one without a name', 3, { file: 'x' }, /missing the mandatory 'name' configuration/],
    [
      'a class that nobody knows',
      3,
      { ...good, 'connector.class': 'NoSuch' },
      /Failed to find any class that implements Connector.*NoSuch/,
    ],
    ['a value that will not do', 3, { ...good, 'tasks.max': 'x' }, /Invalid value x for configuration tasks\.max/],
    ['a key that is missing', 3, { ...good, topic: '' }, /configuration topic/],
  ] as const)('%s', async (_name, code, settings, said) => {
    const files = [dir.write('good.properties', propertiesText(good)), dir.file('bad.properties')];
    if (settings) dir.write('bad.properties', propertiesText(settings));
    const startedMs = Date.now();
    const result = await run(await workerFile(away), ...files);
    expect(Date.now() - startedMs).toBeLessThan(8000);
    expect(result.code).toBe(code);
    expect(result.stderr).toMatch(said);
    expect(result.stderr.split('\n')).toHaveLength(2);
  });

  test('a misspelt key of the worker', async () => {
    const file = dir.write('w.properties', propertiesText({ 'bootstrap.server': 'x:1', listner: 'http://:1', ...STRING_CONVERTERS }));
    const result = await run(file, dir.file('none.properties'));
    expect(result.code).toBe(2);
    expect(result.stderr).toMatch(/bootstrap\.server \(did you mean bootstrap\.servers\?\), listner \(did you mean listeners\?\)/);
  });
});

test('the last line is red on a terminal, unless NO_COLOR is set', async () => {
  const onTerminal = (env: NodeJS.ProcessEnv): Promise<Result> =>
    runCommand('script', ['-qec', `${ourBinary} none.properties`, '/dev/null'], {
      cwd: dir.path,
      env: { ...process.env, TERM: 'xterm', ...env },
    });
  const last = (result: Result): string => result.stdout.toString().trimEnd().split('\n').at(-1) ?? '';
  expect(last(await onTerminal({ NO_COLOR: '' }))).toBe('\x1b[31mconnect-standalone: none.properties (No such file or directory)\x1b[39m');
  expect(last(await onTerminal({ NO_COLOR: '1' }))).toBe('connect-standalone: none.properties (No such file or directory)');
});

test('a connector file that is a pipe is read once', async () => {
  dir.write('in.txt', 'one\n');
  const piped = source('piped');
  const command = `exec ${ourBinary} --drain ${await workerFile()} <(cat ${dir.write('c.properties', propertiesText(piped))})`;
  expect((await runCommand('bash', ['-c', command], { cwd: dir.path })).code).toBe(0);
  expect(await consumeValues(bootstrap, String(piped.topic), 1)).toEqual(['one']);
});

test('the second of two connector files is bad: exit 3, the first is stopped with its offset kept', async () => {
  dir.write('in.txt', 'one\n');
  worker = await startWorker({ bootstrap, dir, connectors: [source('first'), source('second', { 'tasks.max': 'x' })], until: 'started' });
  expect((await worker.waitExit()).code).toBe(3);
  await worker.waitLog(
    /Failed to create connector for \S*connector-1\.properties: [^\n]*\\nInvalid value x for configuration tasks\.max: [^(]*\(\S*connector-1\.properties:5\)/,
  );
  await worker.waitLog(/Stopping after connector error[\s\S]*Stopping REST server[\s\S]*Herder stopped[\s\S]*Kafka Connect stopped/);
});

test.each([
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)('%s: all is delivered and the offset is kept, exit %i', async (signal, code) => {
  dir.write('in.txt', 'one\ntwo\n');
  const connector = source('stop');
  worker = await startWorker({ bootstrap, dir, connectors: [connector], worker: { 'offset.flush.interval.ms': 600_000 } });
  await consumeValues(bootstrap, String(connector.topic), 2);
  worker.child.signal(signal);
  expect((await worker.waitExit()).code).toBe(code);
  expect(dir.read('offsets')).toContain('{"position":8}');
});

const signalTwice = async (child: Child, first: NodeJS.Signals, second: NodeJS.Signals, afterMs: number): Promise<void> => {
  child.signal(first);
  await new Promise(resolve => setTimeout(resolve, afterMs));
  child.signal(second);
};

test.each<[first: NodeJS.Signals, second: NodeJS.Signals, afterMs: number, codes: number[]]>([
  ['SIGTERM', 'SIGTERM', 20, [143]],
  ['SIGINT', 'SIGTERM', 20, [130]],
  // Of two signals that both wait, Linux delivers the one with the lower number first.
  ['SIGTERM', 'SIGINT', 0, [130, 143]],
  ['SIGINT', 'SIGINT', 400, [130]],
])('%s and %s %i ms apart are one stop: exit %j, the offset is kept', async (first, second, afterMs, codes) => {
  dir.write('in.txt', 'one\ntwo\n'.repeat(500));
  const connector = source('twice');
  worker = await startWorker({ bootstrap, dir, connectors: [connector], worker: { 'offset.flush.interval.ms': 600_000 } });
  await consumeValues(bootstrap, String(connector.topic), 1000);
  await signalTwice(worker.child, first, second, afterMs);
  expect(codes).toContain((await worker.waitExit()).code);
  expect(dir.read('offsets')).toContain('{"position":4000}');
});

test('timeout -s INT signals the worker and its group: one stop, the offset is kept', async () => {
  dir.write('in.txt', 'one\ntwo\n');
  const connector = source('timeout');
  const command = ['timeout', '-s', 'INT', '6', ourBinary] as const;
  worker = await startWorker({ bootstrap, dir, connectors: [connector], command, worker: { 'offset.flush.interval.ms': 600_000 } });
  await consumeValues(bootstrap, String(connector.topic), 2);
  expect((await worker.waitExit()).code).toBe(124);
  expect(dir.read('offsets')).toContain('{"position":8}');
});

test('a signal more than a second after the first ends a stop that takes its time', async () => {
  dir.write('in.txt', 'one\n');
  const away = { 'producer.override.bootstrap.servers': '127.0.0.1:1' };
  const slow = { 'task.shutdown.graceful.timeout.ms': 60_000, 'offset.flush.timeout.ms': 60_000 };
  const running = await startWorker({ bootstrap, dir, connectors: [source('slow', away)], worker: slow });
  worker = running;
  const waits = async (): Promise<boolean> =>
    /"pending":[1-9]/.test((await running.rest('GET', '/connectors/slow/status?counters=true')).text);
  await waitFor(waits);
  await signalTwice(worker.child, 'SIGTERM', 'SIGINT', 1300);
  expect((await worker.waitExit(2000)).code).toBe(130);
  expect(worker.output).not.toContain('Kafka Connect stopped');
});

test('a broker that does not answer does not keep a signal waiting', async () => {
  const child = new Child(ourBinary, [await workerFile({ 'bootstrap.servers': '127.0.0.1:1' })], { cwd: dir.path });
  while (!child.output.includes('Connection refused') && child.alive) await new Promise(resolve => setTimeout(resolve, 20));
  const askedMs = Date.now();
  expect((await child.stop()).code).toBe(143);
  expect(Date.now() - askedMs).toBeLessThan(2000);
});

test('--drain ends with 0 when the file is delivered, 1 when a task has failed', async () => {
  dir.write('in.txt', 'one\ntwo\n');
  const good = source('drain');
  const file = await workerFile();
  const ended = await run('--drain', file, dir.write('good.properties', propertiesText(good)));
  expect(ended.code).toBe(0);
  expect(await consumeValues(bootstrap, String(good.topic), 2)).toEqual(['one', 'two']);
  const bad = source('bad', { 'producer.override.bootstrap.servers': bootstrap, file: dir.path });
  const failed = await run(file, dir.write('bad.properties', propertiesText(bad)), '--drain');
  expect(failed.code).toBe(1);
  expect(failed.stdout.toString()).toContain('Not everything was delivered: bad-0 failed');
  expect(failed.stderr).toMatch(/^connect-standalone: Not everything was delivered: bad-0 failed[^\n]*\n$/);
});

test('SIGHUP without a terminal ends nothing: connector files are read again; on a terminal it is the end, exit 129', async () => {
  dir.write('in.txt', 'one\n');
  const connector = source('again');
  worker = await startWorker({ bootstrap, dir, connectors: [connector] });
  await consumeValues(bootstrap, String(connector.topic), 1);
  const changed = { ...connector, topic: `${connector.topic}-2` };
  dir.write('connector-0.properties', propertiesText(changed));
  worker.child.signal('SIGHUP');
  await worker.waitLog('now has the settings of its file');
  dir.write('in.txt', 'one\ntwo\n');
  expect(await consumeValues(bootstrap, changed.topic, 1)).toEqual(['two']);
  dir.write('connector-0.properties', 'no connector');
  worker.child.signal('SIGHUP');
  await worker.waitLog('was not applied, connector');
  expect(worker.child.alive).toBe(true);
  await worker.kill9();
  const file = await workerFile();
  const command = `node ${ourBinary} ${file} & sleep 4; kill -HUP $!; wait $!; echo ended with $?`;
  const { stdout } = await runCommand('script', ['-qec', command, '/dev/null'], { cwd: dir.path, timeoutMs: 60_000 });
  expect(stdout.toString()).toContain('ended with 129');
});

test('-daemon prints the pid and returns when the worker has started; it runs on and writes to connectStandalone.out', async () => {
  const port = await freePort();
  const file = await workerFile({ listeners: `http://127.0.0.1:${port}` });
  const result = await run('-daemon', file);
  expect(result.code).toBe(0);
  const pid = Number(/pid (\d+)/.exec(result.stdout.toString())?.[1]);
  expect((await fetch(`http://127.0.0.1:${port}/health`)).status).toBe(200);
  // as logrotate's copytruncate does
  dir.write('logs/connectStandalone.out', '');
  process.kill(pid, 'SIGTERM');
  await waitFor(async () => dir.read('logs/connectStandalone.out').includes('Kafka Connect stopped'));
  expect(dir.read('logs/connectStandalone.out')).not.toContain('\0');
});

test('-daemon says why a worker did not start, and ends with its exit code', async () => {
  const failed = await run('-daemon', await workerFile({ 'offset.flush.interval.ms': 'soon' }));
  expect([failed.code, failed.stderr]).toEqual([
    2,
    expect.stringContaining('Invalid value soon for configuration offset.flush.interval.ms'),
  ]);
});

test('the version is the first thing that the log says, and stands where Java shows its commit', async () => {
  const { version } = JSON.parse(readFileSync(inRepository('package.json'), 'utf8')) as { version: string };
  worker = await startWorker({ bootstrap, dir });
  expect(worker.output.split('\n')[0]).toContain(`INFO connect-standalone ${version}, as Kafka Connect 4.3.0, on Node ${process.version}`);
  expect((await worker.get('/')).json).toMatchObject({ version: '4.3.0', commit: `connect-standalone ${version}` });
});

async function waitFor(check: () => Promise<boolean>): Promise<void> {
  const untilMs = Date.now() + 20_000;
  while (!(await check().catch(() => false))) {
    if (Date.now() > untilMs) throw new Error('waited 20 s in vain');
    await new Promise(resolve => setTimeout(resolve, 50));
  }
}
