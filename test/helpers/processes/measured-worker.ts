/**
 * A worker in this process that ends when everything is drained: `node measured-worker.js WORKER_FILE CONNECTOR_FILE...`. It prints its metrics as two
 * lines of JSON: when all is done, and when it has stopped.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type LogEntry, layoutLine, setLogSink } from '../../../src/log';
import type { Measurement } from '../../../src/metrics/registry';
import { Standalone } from '../../../src/worker/worker';

/** Longer than tasks keep back what they have counted. */
const REPORTS_MS = 600;

const log = (entry: LogEntry): void => void process.stderr.write(`${layoutLine(entry)}\n`);

/** JSON has no such numbers. */
const shown = ({ metric, tags, value }: Measurement): unknown => ({
  group: metric.group,
  name: metric.name,
  tags,
  value: typeof value === 'number' ? String(value) : value,
});

async function main([workerFile = '', ...connectorFiles]: readonly string[]): Promise<void> {
  setLogSink(log);
  const standalone = await Standalone.build({ workerFile, connectorFiles, drain: true, embeddedBroker: true, logSink: log });
  await standalone.start();
  await standalone.serve();
  for (const file of connectorFiles) await standalone.createConnector(file);
  await standalone.herder.drained();
  await sleep(REPORTS_MS);
  const { metrics } = standalone.herder;
  process.stdout.write(`${JSON.stringify(metrics.measure(Date.now()).map(shown))}\n`);
  await standalone.stop();
  process.stdout.write(`${JSON.stringify(metrics.measure(Date.now()).map(shown))}\n`);
}

void main(process.argv.slice(2));
