import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { produceValues } from '../../helpers/servers/kafka-io';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
let dir: TempDir;
let topic: string;
let worker: WorkerProcess | null = null;
let counter = 0;

beforeEach(() => {
  dir = new TempDir('file-sink');
  topic = `file-sink-${counter++}-${Date.now().toString(36)}`;
});
afterEach(async () => {
  await worker?.kill9();
  worker = null;
  dir.remove();
});

async function start(settings: Record<string, string | number>): Promise<WorkerProcess> {
  const sink = { name: `out-${topic}`, 'connector.class': 'FileStreamSink', topics: topic, ...settings };
  worker = await startWorker({ bootstrap, dir, connectors: [sink] });
  return worker;
}

const many = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name} ${i} ${'é'.repeat(20)}`);
const asLines = (texts: readonly string[]): string => texts.map(text => `${text}\n`).join('');
const read = (file: string): string => fs.readFileSync(file, 'utf8');

test('appends to the file; a restart goes on with the next record', async () => {
  const file = dir.write('out', 'before\n');
  await produceValues(bootstrap, topic, ['é1', null, '4']);
  const running = await start({ file });
  await waitFor('the lines', () => read(file) === 'before\né1\nnull\n4\n');
  await running.stop();
  await produceValues(bootstrap, topic, ['5']);
  await start({ file });
  await waitFor('the next line', () => read(file) === 'before\né1\nnull\n4\n5\n', { timeoutMs: 20_000 });
});

test('without a file the lines go to standard output, whole', async () => {
  const lines = many('on stdout', 5000);
  await produceValues(bootstrap, topic, lines);
  const running = await start({});
  await waitFor('the lines', () => running.child.stdout.includes(`${lines.at(-1)}\n`));
  expect(running.child.stdout.match(/^on stdout .*$/gm)).toEqual(lines);
});

test('a file that is deleted while the worker runs comes back with the next line', async () => {
  const file = dir.file('out');
  await produceValues(bootstrap, topic, ['1']);
  await start({ file });
  await waitFor('the first line', () => fs.existsSync(file) && read(file) === '1\n');
  fs.rmSync(file);
  await produceValues(bootstrap, topic, ['2']);
  await waitFor('the second line', () => fs.existsSync(file) && read(file) === '2\n');
});

test('a file that cannot be made fails the task and says why', async () => {
  const file = dir.file('missing/out');
  const running = await start({ file });
  await running.waitState(`out-${topic}`, 'RUNNING', 'FAILED');
  const { text } = await running.get(`/connectors/out-${topic}/status`);
  expect(text).toContain(`Couldn't find or create file '${file}' for FileStreamSinkTask`);
  expect(text).toContain('ENOENT');
});

const JSON_VALUES = { 'value.converter': 'org.apache.kafka.connect.json.JsonConverter', 'value.converter.schemas.enable': 'false' };

test('a bad record is left out where errors are tolerated, and the texts around it stay bytes', async () => {
  const file = dir.file('out');
  await produceValues(bootstrap, topic, ['1', '{bad', '2']);
  await start({ file, ...JSON_VALUES, 'errors.tolerance': 'all' });
  await waitFor('the good lines', () => fs.existsSync(file) && read(file) === '1\n2\n');
});

describe('a full disk', () => {
  const disk = new TempDir('full-disk');
  const mounted = mount(disk);
  const onDisk = mounted ? test : test.skip;
  if (!mounted) console.warn('SKIPPED: a full disk at the sink, since no tmpfs can be mounted here (needs root)');
  afterAll(() => {
    if (mounted) execFileSync('umount', [disk.path]);
    disk.remove();
  });

  onDisk('is waited for with few words, and when there is room every line is there once', async () => {
    const [ballast, file] = [disk.file('ballast'), disk.file('out')];
    fs.writeFileSync(ballast, Buffer.alloc(700_000));
    const lines = many('line', 10_000);
    await produceValues(bootstrap, topic, lines);
    const running = await start({ file });
    await running.waitLog('ENOSPC');
    await new Promise(resolve => setTimeout(resolve, 2500));
    await running.waitState(`out-${topic}`, 'RUNNING');
    expect(read(file)).toMatch(/\n$/);
    expect(running.output.split('RetriableException from SinkTask')).toHaveLength(2);
    fs.rmSync(ballast);
    await waitFor('all lines', () => read(file).length >= asLines(lines).length);
    expect(read(file)).toBe(asLines(lines));
    await running.waitLog('The batch was accepted');
  });
});

function mount(disk: TempDir): boolean {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk.path], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
