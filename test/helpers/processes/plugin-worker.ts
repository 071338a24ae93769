import { compiledTest } from '../paths';
import { type Settings, startWorker, type WorkerOptions, type WorkerProcess } from './worker-process';

/** Starts a worker that also knows `test.TestSourceConnector` and `test.TestSinkConnector`. */
export function startPluginWorker(options: WorkerOptions): Promise<WorkerProcess> {
  return startWorker({ ...options, worker: { 'plugin.path': compiledTest('helpers/fakes/test-plugins.js'), ...options.worker } });
}

/** Settings of the test source. */
export function testSource(name: string, topic: string, more: Settings = {}): Settings {
  return { name, 'connector.class': 'test.TestSourceConnector', 'tasks.max': 1, topic, ...more };
}

/** Settings of the test sink. */
export function testSink(name: string, topics: string, file: string, more: Settings = {}): Settings {
  return { name, 'connector.class': 'test.TestSinkConnector', 'tasks.max': 1, topics, file, ...more };
}
