/** Topic to file where the values are maps, as they come and after transformations: what those cost a sink. */
import { produceFile } from '../helpers/servers/kafka-io';
import { TempDir } from '../helpers/temp-dir';
import { lineOf, writeLines } from './inputs';
import { type Bench, type Lane, sizeOf } from './lanes';
import { sha256, watchGrowth } from './measure';
import { startSubject } from './subjects';

const TRANSFORMS = 'org.apache.kafka.connect.transforms';
const INSERTED = {
  transforms: 'route,insert',
  'transforms.route.type': `${TRANSFORMS}.RegexRouter`,
  'transforms.route.regex': '(.*)',
  'transforms.route.replacement': 'routed-$1',
  'transforms.insert.type': `${TRANSFORMS}.InsertField$Value`,
  'transforms.insert.static.field': 'site',
  'transforms.insert.static.value': 'berlin',
};

/** The text of a map that holds nothing but a line of no bytes, and of what the chain adds. */
const TEXT_BYTES = Buffer.byteLength('{host=17, content=}\n');
const MORE_BYTES = Buffer.byteLength(', site=berlin');

/** The topic that these sinks read, filled once. */
let filled: Promise<string> | undefined;
/** What the first run of a lane has written; every other one has to write the same bytes. */
const written = new Map<string, string>();

async function fillTopic({ bootstrap, wire, inputs, freshTopic }: Bench): Promise<string> {
  const dir = new TempDir('bench');
  const topic = freshTopic();
  await wire.createTopic(topic);
  const input = writeLines(dir.file('maps.json'), inputs.lines, line => JSON.stringify({ content: line, host: '17' }));
  await produceFile(bootstrap, topic, input.file);
  dir.remove();
  return topic;
}

function mapSinkLane(name: string, how: string, chain: Readonly<Record<string, string>>, moreBytes: number): Lane {
  return {
    name,
    what: `topic to file, JSON objects without schema${how}: first bytes in the file until the last`,
    // Java prints the entries of a map in an order of its own.
    subjects: ['ours'],
    higherIsBetter: ['records/s'],
    async run(bench, subject) {
      filled ??= fillTopic(bench);
      const topic = await filled;
      const dir = new TempDir('bench');
      const file = dir.file('out.txt');
      const more = { ...chain, 'value.converter.schemas.enable': false };
      const child = await startSubject(subject, bench.bootstrap, dir, [{ kind: 'sink', format: 'json', file, topic, more }]);
      const { lines } = bench.inputs;
      const bytes = lines * (Buffer.byteLength(lineOf(0)) + TEXT_BYTES + moreBytes);
      const run = await watchGrowth(child, sizeOf(file), bytes);
      await child.stop();
      const sum = await sha256(file);
      if ((written.get(name) ?? sum) !== sum) throw new Error(`${name}: ${subject} has written other bytes than the first run`);
      written.set(name, sum);
      dir.remove();
      return { 'records/s': (run.perSecond / bytes) * lines, 'peak RSS MiB': run.peakRssMiB, 'CPU s': run.cpuSeconds };
    },
  };
}

export const MAP_SINK_LANES: readonly Lane[] = [
  mapSinkLane('sink-map', '', {}, 0),
  mapSinkLane('sink-map-transformed', ', RegexRouter and InsertField', INSERTED, MORE_BYTES),
];
