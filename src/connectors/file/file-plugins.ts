/** The connectors of files by name: the code of a connector or task is loaded by the thread that uses it. */
import type { Props } from '../../api/connector';
import type { ConnectorPlugin, NamedFile } from '../../api/plugin';
import { KAFKA_VERSION } from '../../version';

type SourceModule = typeof import('./source/file-source-connector');
type SourceTaskModule = typeof import('./source/file-source-task');
type SinkModule = typeof import('./sink/file-sink-connector');
type SinkTaskModule = typeof import('./sink/file-sink-task');

const PACKAGE = 'org.apache.kafka.connect.file';

const filesOf = ({ file = '' }: Props): NamedFile[] => [{ key: 'file', file }];

/** FileStreamSource and FileStreamSink. Neither waits for anything but disks, so beyond `task.threads.max` their tasks share threads. */
export const filePlugins: readonly ConnectorPlugin[] = [
  {
    type: 'source',
    className: `${PACKAGE}.FileStreamSourceConnector`,
    taskClassName: `${PACKAGE}.FileStreamSourceTask`,
    version: KAFKA_VERSION,
    neverBlocks: true,
    filesOf,
    createConnector: () => new (require('./source/file-source-connector') as SourceModule).FileStreamSourceConnector(),
    createTask: () => new (require('./source/file-source-task') as SourceTaskModule).FileStreamSourceTask(),
  },
  {
    type: 'sink',
    className: `${PACKAGE}.FileStreamSinkConnector`,
    taskClassName: `${PACKAGE}.FileStreamSinkTask`,
    version: KAFKA_VERSION,
    neverBlocks: true,
    filesOf,
    createConnector: () => new (require('./sink/file-sink-connector') as SinkModule).FileStreamSinkConnector(),
    createTask: () => new (require('./sink/file-sink-task') as SinkTaskModule).FileStreamSinkTask(),
  },
];
