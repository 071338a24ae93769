/** Files that keep whoever reads them: where a setting names one the worker refuses it and answers on; where the command line does it waits. */
import { execFileSync } from 'node:child_process';
import { truncateSync } from 'node:fs';
import { Child } from '../../helpers/processes/child';
import {
  ourBinary,
  propertiesText,
  type Settings,
  startWorker,
  type WorkerProcess,
  workerFileText,
} from '../../helpers/processes/worker-process';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { freePort } from '../../helpers/servers/free-port';
import { TempDir } from '../../helpers/temp-dir';
import { variable } from '../../helpers/vectors/fixtures';
import { waitFor } from '../../helpers/wait-for';

const bootstrap = sharedBootstrap();
const PROVIDERS = 'org.apache.kafka.common.config.provider';
const IS_PIPE = 'it is not a regular file but a pipe \\(FIFO\\)';

describe('a setting over REST', () => {
  let worker: WorkerProcess;
  const dir = new TempDir('named-files');
  const pipe = dir.file('pipe');

  beforeAll(async () => {
    execFileSync('mkfifo', [pipe]);
    truncateSync(dir.write('large', ''), 1024 ** 4);
    worker = await startWorker({
      bootstrap,
      dir,
      worker: {
        'config.providers': 'file,directory',
        'config.providers.file.class': `${PROVIDERS}.FileConfigProvider`,
        'config.providers.directory.class': `${PROVIDERS}.DirectoryConfigProvider`,
      },
    });
  });

  afterAll(async () => {
    const { code } = await worker.stop();
    dir.remove();
    expect(code).toBe(143);
  });

  const sink: Settings = { 'connector.class': 'FileStreamSink', topics: 't', file: dir.file('out') };
  const jdbc: Settings = { 'connector.class': 'io.confluent.connect.jdbc.JdbcSinkConnector', topics: 't', 'connection.user': 'u' };
  const ssl: Settings = { 'producer.override.security.protocol': 'SSL', 'producer.override.ssl.truststore.location': pipe };

  test.each<[string, Settings, RegExp]>([
    [
      'a pipe of secrets',
      { ...sink, file: variable(`file:${pipe}:x`) },
      new RegExp(`Could not read properties from file \\S+pipe.*${IS_PIPE}`),
    ],
    ['secrets without end', { ...sink, file: variable('file:/dev/zero:x') }, /it is not a regular file but a device/],
    [
      'more secrets than there is memory',
      { ...sink, file: variable(`file:${dir.file('large')}:x`) },
      /it has 1099511627776 bytes, but at most/,
    ],
    ['a pipe as database', { ...jdbc, 'connection.url': `jdbc:sqlite:${pipe}` }, new RegExp(IS_PIPE)],
    [
      'a pipe as certificate',
      { ...jdbc, 'connection.url': `jdbc:postgresql://h/d?sslmode=verify-ca&sslrootcert=${pipe}` },
      new RegExp(IS_PIPE),
    ],
  ])('%s is refused with what it is, and the worker answers on', async (_, settings, problem) => {
    const config = { name: 'c', ...settings };
    const [created, health] = await Promise.all([worker.rest('POST', '/connectors', { name: 'c', config }), worker.get('/health')]);
    expect([created.status, health.status]).toEqual([400, 200]);
    expect(created.text).toMatch(problem);
    expect((await worker.get('/connectors')).json).toEqual([]);
  });

  test('a pipe as truststore of a client fails the task, which says so, and the worker answers on', async () => {
    await worker.create({ name: 'tls', 'connector.class': 'FileStreamSource', topic: 't', file: dir.file('in'), ...ssl });
    await worker.waitState('tls', 'RUNNING', 'FAILED');
    expect((await worker.get('/connectors/tls/status')).text).toMatch(new RegExp(`ssl\\.truststore\\.location: ${IS_PIPE}`));
    expect((await worker.rest('DELETE', '/connectors/tls')).status).toBe(204);
  });

  test('what is no file of the folder stays a variable, and the worker answers on', async () => {
    const config = { name: 'c', ...sink, file: variable(`directory:${dir.path}:pipe`) };
    const { status } = await worker.rest('PUT', '/connector-plugins/FileStreamSink/config/validate', config);
    expect(status).toBe(200);
    await worker.waitLog('pipe is not a regular file, so it is not read');
  });
});

describe('the command line', () => {
  let child: Child | undefined;
  let dir: TempDir;

  beforeEach(() => {
    dir = new TempDir('given-files');
  });

  afterEach(async () => {
    await child?.kill();
    dir.remove();
  });

  async function workerFile(): Promise<{ url: string; settings: string }> {
    const port = await freePort();
    return { url: `http://127.0.0.1:${port}`, settings: workerFileText(dir, bootstrap, port) };
  }

  test('takes pipes of a shell as worker file and connector file, each read once', async () => {
    const { url, settings } = await workerFile();
    dir.write('w', `${settings}connectors.files.watch=true\n`);
    dir.write('c', propertiesText({ name: 'piped', 'connector.class': 'FileStreamSink', topics: 'given-files', file: dir.file('out') }));
    child = new Child('bash', ['-c', 'exec "$0" <(sleep 1; cat w) <(cat c)', ourBinary], { cwd: dir.path });
    const status = async (): Promise<boolean> => (await fetch(`${url}/connectors/piped/status`)).status === 200;
    await waitFor('the connector', () => status().catch(() => false), { timeoutMs: 60_000 });
    const before = child;
    child.signal('SIGHUP');
    await waitFor('a look at the files', () => before.output.includes('Reading connector files and keys again'));
    expect(await status()).toBe(true);
    expect(child.output).toMatch(/Connector file \/\S+ is a pipe, which is read once: later changes are not followed/);
    expect((await child.stop()).code).toBe(143);
  }, 90_000);

  test.each(['worker file', 'connector file'])('waits for a pipe as %s, and a signal ends it all the same', async which => {
    execFileSync('mkfifo', [dir.file('pipe')]);
    const files = which === 'worker file' ? ['pipe'] : [dir.write('w', (await workerFile()).settings), 'pipe'];
    child = new Child(ourBinary, files, { cwd: dir.path });
    const waiting = child;
    await waitFor('a line that says so', () => waiting.output.includes('pipe, which is a pipe or device, until it ends'), {
      timeoutMs: 30_000,
    });
    expect(child.alive).toBe(true);
    child.signal('SIGTERM');
    const { code } = await child.exited;
    expect(code).toBe(143);
  });

  test.each([
    ['/dev/zero', 2, /\/dev\/zero \(it has more, but at most 16777216 bytes are read of such a file/],
    ['/dev/null', 2, /Missing required configuration "bootstrap\.servers"/],
  ])('%s as worker file', async (file, wanted, problem) => {
    child = new Child(ourBinary, [file], { cwd: dir.path });
    const { code } = await child.exited;
    expect(code).toBe(wanted);
    expect(child.output).toMatch(problem);
  });
});
