/** The plugin does what every sink must do: `npm test`. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { sinkTaskChecks, type TestTarget } from 'connect-standalone/testing';
import { httpSinkPlugin } from './http-sink.js';

/** A server that keeps the lines it is sent, unless it is in trouble. */
async function prepare(): Promise<TestTarget> {
  const lines: string[] = [];
  let status = 200;
  const server = http.createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (status === 200) lines.push(...body.split('\n').slice(0, -1));
    response.writeHead(status).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    props: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/lines` },
    record: n => ({ value: `record ${n}` }),
    written: () => lines.filter(line => line.startsWith('record ')).map(line => Number(line.slice('record '.length))),
    fail: () => {
      status = 503;
    },
    mend: () => {
      status = 200;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const checks = sinkTaskChecks({ plugin: httpSinkPlugin, prepare, badSettings: { url: 'nowhere' }, canFail: true });
for (const { name, run } of checks) test(name, run);
