/** Faults that people make: a configuration that changes all the time, a topic that is deleted, a right that is taken away, bad files. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseProperties } from '../../../src/config/files/properties';
import { ConnectError } from '../../../src/errors';
import { readHashMap, writeHashMap } from '../../../src/java/serialization/java-hash-map';
import { seeded } from '../../../src/testing/data/random';
import { runCommand } from '../../helpers/processes/child';
import { propertiesText } from '../../helpers/processes/worker-process';
import { dumpValues, listTopics } from '../../helpers/servers/kafka-io';
import { javaArguments } from '../../helpers/servers/kafka-jars';
import { jaas, SecureBroker, USER_PASSWORD } from '../../helpers/servers/secure-broker';
import { waitFor } from '../../helpers/wait-for';
import { SourceRig } from '../arena/source-rig';
import { compareTexts, type Fault, SOURCE_MODES, scaled } from '../fault';

const hotReload: Fault = {
  name: 'hot-reload',
  numbers: [28],
  what: 'the connector file changes every second under load; every third version is a bad one, which is refused',
  modes: SOURCE_MODES,
  short: ['at-least-once'],
  run: trial =>
    SourceRig.use(trial, { worker: { 'connectors.files.watch': true } }, async rig => {
      const changes = scaled(trial, { short: 6, usual: 30, long: 300 });
      rig.feeder.start();
      const worker = await rig.start();
      const file = rig.dir.file('connector-0.properties');
      const config = rig.connectorConfig();
      for (let change = 1; change <= changes; change++) {
        const bad = change % 3 === 0;
        fs.writeFileSync(`${file}.new`, propertiesText({ ...config, 'batch.size': bad ? 'many' : 1000 + change }));
        fs.renameSync(`${file}.new`, file);
        await sleep(1000);
      }
      fs.writeFileSync(file, propertiesText({ ...config, 'batch.size': 777 }));
      await waitFor('the last version', async () => (await worker.get('/connectors/lines/config')).text.includes('"777"'), {
        timeoutMs: 60_000,
        everyMs: 500,
      });
      await worker.waitState('lines', 'RUNNING', 'RUNNING', { timeoutMs: 60_000 });
      assert.match(worker.output, /was not applied, connector lines goes on as it is/);
      return rig.finishClean(`${changes} versions`);
    }),
};

const topicDeleted: Fault = {
  name: 'topic-deleted',
  numbers: [12],
  what: 'the topic is deleted, lines go on, and it is made again: what was not yet delivered comes, without a restart',
  modes: SOURCE_MODES,
  short: [],
  run: async trial => {
    const broker = await trial.arena.broker();
    return SourceRig.use(trial, {}, async rig => {
      const topicCommand = async (...args: string[]): Promise<void> => {
        const all = ['--bootstrap-server', broker.bootstrap, '--topic', rig.topic, ...args];
        const result = await runCommand('java', javaArguments('org.apache.kafka.tools.TopicCommand', all, ['-XX:TieredStopAtLevel=1']));
        if (result.code !== 0) throw new Error(`TopicCommand: ${result.stdout}${result.stderr}`);
      };
      rig.feeder.append(20_000);
      const worker = await rig.start({ 'topic.creation.enable': false, 'producer.allow.auto.create.topics': false });
      await rig.lastLine();
      // What goes with the topic has to be read before.
      await dumpValues(rig.bootstrap, rig.topic, rig.dir.file('first'));
      await topicCommand('--delete');
      await waitFor('the topic to go', async () => !(await listTopics(rig.bootstrap)).has(rig.topic), { timeoutMs: 30_000 });
      rig.feeder.append(20_000);
      await sleep(5000);
      if (!(await listTopics(rig.bootstrap)).has(rig.topic)) await topicCommand('--create', '--partitions', '1', '--if-not-exists');
      await rig.lastLine();
      await worker.waitState('lines', 'RUNNING');
      await dumpValues(rig.bootstrap, rig.topic, rig.dir.file('second'));
      const texts = (name: string): string[] => fs.readFileSync(rig.dir.file(name), 'latin1').split('\n').slice(0, -1);
      const counts = compareTexts(texts('lines'), [...texts('first'), ...texts('second')]);
      return { ...counts, mayRepeat: 'none', note: '20,000 lines before and 20,000 after' };
    });
  },
};

const rightTaken: Fault = {
  name: 'right-taken-away',
  numbers: [12],
  what: 'the user of the producer loses its right to write under load, and gets it back: no restart',
  modes: SOURCE_MODES,
  short: [],
  run: async trial => {
    const secure = await SecureBroker.start(['ann']);
    try {
      const connector = {
        'producer.override.bootstrap.servers': secure.bootstrap.SASL_PLAINTEXT,
        'producer.override.security.protocol': 'SASL_PLAINTEXT',
        'producer.override.sasl.mechanism': 'PLAIN',
        'producer.override.sasl.jaas.config': jaas('plain', { username: 'ann', password: USER_PASSWORD }),
      };
      const run = async (rig: SourceRig) => {
        const rights = ['--operation', 'Write', '--operation', 'Describe', '--operation', 'Create', '--topic', rig.topic];
        await secure.allow(['ann'], rights);
        if (trial.mode === 'exactly-once') await allowTransactions(secure);
        rig.feeder.start();
        const worker = await rig.start();
        await rig.moreArrived(5000);
        await secure.revoke(['ann'], rights);
        await worker.waitLog(/Authoriz/i, { timeoutMs: 60_000 });
        await worker.waitState('lines', 'RUNNING');
        await secure.allow(['ann'], rights);
        await rig.moreArrived(5000);
        return rig.finishInFlight();
      };
      return await SourceRig.use(trial, { connector, linesPerSecond: 2000 }, run, secure.broker.bootstrap);
    } finally {
      await secure.stop();
    }
  },
};

/** What the user of a transactional source needs besides its topic, and keeps. */
async function allowTransactions(secure: SecureBroker): Promise<void> {
  const prefixed = ['--resource-pattern-type', 'prefixed', '--operation', 'Describe', '--operation', 'Write'];
  await secure.allow(['ann'], [...prefixed, '--operation', 'Read', '--operation', 'Create', '--topic', 'connect-offsets-']);
  await secure.allow(['ann'], [...prefixed, '--transactional-id', 'connect-standalone-']);
}

const badFiles: Fault = {
  name: 'random-files',
  numbers: [33],
  what: 'random bytes, and files of which some bytes were changed, for the readers of properties and of the offset file: an answer or a typed error',
  modes: ['at-least-once'],
  short: ['at-least-once'],
  run: async trial => {
    const rounds = scaled(trial, { short: 5000, usual: 100_000, long: 2_000_000 });
    const random = seeded(Date.now());
    const properties = Buffer.from('name=a\\u0041\n# text\n! more\nfile : /tmp/x \\\n   y\ntopic=\\t\\n\\\\ é\n');
    const offsets = writeHashMap(
      Array.from({ length: 5 }, (_, i) => [Buffer.from(`["c",{"f":"${i}"}]`), Buffer.from(`{"position":${i}}`)]),
    );
    const readers = [
      [properties, (bytes: Buffer) => parseProperties(bytes.toString('latin1'))],
      [offsets, (bytes: Buffer) => readHashMap(bytes)],
    ] as const;
    let refused = 0;
    for (let round = 0; round < rounds; round++) {
      for (const [whole, read] of readers) {
        try {
          read(round % 5 === 0 ? Buffer.from(Array.from({ length: random(200) }, () => random(256))) : mutated(whole, random));
        } catch (error) {
          if (!(error instanceof ConnectError)) throw error;
          refused++;
        }
      }
    }
    const note = `${(2 * rounds).toLocaleString('en')} files, ${refused.toLocaleString('en')} refused`;
    return { lost: 0, duplicated: 0, reordered: 0, tooMany: 0, mayRepeat: 'none', note };
  },
};

/** Some bytes changed, or cut out. */
function mutated(whole: Buffer, random: (below: number) => number): Buffer {
  const bytes = Buffer.from(whole);
  for (let changes = 1 + random(4); changes > 0; changes--) bytes[random(bytes.length)] = random(256);
  const from = random(bytes.length);
  return random(3) === 0 ? Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + random(20))]) : bytes;
}

export const HUMAN_FAULTS: readonly Fault[] = [hotReload, topicDeleted, rightTaken, badFiles];
