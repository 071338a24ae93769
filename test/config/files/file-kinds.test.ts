import { loadConnectorFile } from '../../../src/config/files/connector-file';
import { keysOfDistributed, otherThanConnectorFile, otherThanWorkerFile } from '../../../src/config/files/file-kinds';
import { parseProperties } from '../../../src/config/files/properties';
import { WorkerConfig } from '../../../src/config/worker-config';
import { TempDir } from '../../helpers/temp-dir';

const ORDER = 'The worker file comes first, files of connectors follow: connect-standalone worker.properties connector.properties';
const MISSING = 'Missing required configuration "bootstrap.servers" which has no default value.';
const WORKER = { 'bootstrap.servers': 'b:1', 'key.converter': 'x', 'value.converter': 'x', 'offset.storage.file.filename': '/x' };

const dir = new TempDir('file-kinds');
afterAll(() => dir.remove());

describe('what is given as worker file', () => {
  test.each([
    [
      'a connector',
      'name=c\nconnector.class=FileStreamSink\ntopics=t\n',
      `This is a file of a connector (it has connector.class, topics). ${ORDER}.`,
    ],
    ['a connector without class', 'name=c\ntopics.regex=t\n', `This is a file of a connector (it has topics.regex). ${ORDER}.`],
    ['JSON', '{\n  "name": "c",\n  "config": {}\n}\n', `This is JSON, as files of connectors may be. ${ORDER}.`],
    ['JSON in a line', '{"name":"c","config":{"topics":"t"}}', `This is JSON, as files of connectors may be. ${ORDER}.`],
    [
      'a broker',
      'process.roles=broker\nnode.id=1\nlisteners=PLAINTEXT://:9092\n',
      'This is a file of a Kafka broker (it has process.roles, node.id). The worker has',
    ],
    [
      'a distributed worker',
      'group.id=g\nstatus.storage.topic=s\n',
      'This is a file for connect-distributed (it has group.id, status.storage.topic). This is the standalone worker',
    ],
  ])('%s is told so', (_, text, said) => {
    expect(() => new WorkerConfig(parseProperties(text))).toThrow(`${MISSING} ${said}`);
  });

  test('a worker is not, whatever it misses, and keys of distributed ones do no harm', () => {
    expect(() => new WorkerConfig({ 'key.converter': 'x' })).toThrow(new RegExp(`^${MISSING}$`));
    expect(otherThanWorkerFile(Object.keys(WORKER))).toBe('');
    const both = { ...WORKER, 'group.id': 'g', 'offset.storage.topic': 'o', 'offset.storage.replication.factor': '1' };
    expect(() => new WorkerConfig(both)).not.toThrow();
    expect(keysOfDistributed(Object.keys(both))).toEqual(['group.id', 'offset.storage.topic', 'offset.storage.replication.factor']);
  });
});

describe('what is given as connector file', () => {
  test('a worker file is told so', () => {
    const file = dir.write('w.properties', 'bootstrap.servers=b:1\nkey.converter=x\noffset.storage.file.filename=/x\n');
    expect(() => loadConnectorFile(file)).toThrow(
      `is missing the mandatory 'name' configuration. This is a file of a worker (it has bootstrap.servers, offset.storage.file.filename). ${ORDER}`,
    );
  });

  test('a connector without a name is not', () => {
    expect(otherThanConnectorFile(['connector.class', 'topics', 'key.converter', 'producer.override.bootstrap.servers'])).toBe('');
  });
});
