/** The worker and its broker start at the same time, as they do on a box that boots. */

import { startWorker, type WorkerProcess } from '../../helpers/processes/worker-process';
import { StartingBroker } from '../../helpers/servers/starting-broker';

let broker: StartingBroker | undefined;
let worker: WorkerProcess | undefined;

afterEach(async () => {
  await worker?.kill9();
  worker?.dir.remove();
  broker?.stop();
});

// A real broker says so for some milliseconds after each start, and after each freeze: too short to be met on purpose.
test.each([1, 4])('a broker that names no brokers in its first %i answers is asked again', async emptyAnswers => {
  broker = await StartingBroker.start('cluster-of-the-test', emptyAnswers);
  worker = await startWorker({ bootstrap: broker.bootstrap, until: 'started' });
  await worker.waitLog(/Kafka cluster ID: cluster-of-the-test/, { timeoutMs: 20_000 });
  expect(broker.asked).toBeGreaterThan(emptyAnswers);
});
