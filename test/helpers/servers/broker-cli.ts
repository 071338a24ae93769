/**
 * `npm run broker -- [PORT]`: a real Apache Kafka until Ctrl-C. Prints `broker on HOST:PORT` when it serves. Needs what
 * `node bin/setup.mjs --test` sets up.
 */
import { Broker } from './broker';

async function main([port]: string[]): Promise<void> {
  const ended = new Promise(resolve => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, resolve);
  });
  const broker = await Broker.start(port === undefined ? {} : { port: Number(port) });
  process.stdout.write(`broker on ${broker.bootstrap}\n`);
  const alive = setInterval(() => {}, 60_000);
  await ended;
  clearInterval(alive);
  await broker.stop();
}

main(process.argv.slice(2)).catch(error => {
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
