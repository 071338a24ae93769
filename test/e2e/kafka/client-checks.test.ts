import { compiledTest } from '../../helpers/paths';
import { runCommand } from '../../helpers/processes/child';
import { sharedBootstrap } from '../../helpers/servers/broker';
import { produceValues } from '../../helpers/servers/kafka-io';

const SCRIPT = compiledTest('helpers/processes/client-checks.js');

async function check(...args: string[]): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runCommand(process.execPath, [SCRIPT, ...args]);
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
  return JSON.parse(stdout.toString());
}

test('the wake-up pipe never blocks its writer and does not pass to child processes', async () => {
  expect(await check('full-pipe')).toEqual({ code: 'EAGAIN', cloexec: [true, true] });
});

test('another native module loads after librdkafka, here and in a thread', async () => {
  expect(await check('second-module')).toEqual({ version: 'string', here: true, inThread: true });
});

test('messages that come on the wrong queue are fetched again, not thrown away', async () => {
  const topic = `stray-${Date.now().toString(36)}`;
  await produceValues(
    sharedBootstrap(),
    topic,
    Array.from({ length: 500 }, (_, i) => `value ${i}`),
  );
  expect(await check('stray-messages', sharedBootstrap(), topic, '500')).toEqual({ strays: true, distinct: 500, first: 0 });
});
