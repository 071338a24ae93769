/** File to topic through chains of transformations, against the same chain in the original worker. */

import type { Settings } from '../helpers/processes/worker-process';
import { dumpValues } from '../helpers/servers/kafka-io';
import { TempDir } from '../helpers/temp-dir';
import type { Figures, Lane } from './lanes';
import { sha256, watchGrowth } from './measure';
import { type SubjectName, startSubject } from './subjects';

const TRANSFORMS = 'org.apache.kafka.connect.transforms';

/** A chain, as settings of a connector. */
interface Chain {
  readonly name: string;
  readonly what: string;
  readonly settings: Settings;
  /** True if it sends the records to `<topic>-routed`. */
  readonly routes?: boolean;
}

/** Settings of a transformation or predicate below its alias. */
function part(section: 'transforms' | 'predicates', alias: string, type: string, own: Settings): Settings {
  const named = Object.entries({ type: `${TRANSFORMS}.${type}`, ...own });
  return Object.fromEntries(named.map(([key, value]) => [`${section}.${alias}.${key}`, value]));
}

const hoist = part('transforms', 'hoist', 'HoistField$Value', { field: 'content' });
const insert = part('transforms', 'insert', 'InsertField$Value', { 'static.field': 'host', 'static.value': '17' });

const CHAINS: readonly Chain[] = [
  { name: 'none', what: 'no transformation', settings: {} },
  {
    name: 'hoist',
    what: 'HoistField twice',
    settings: { transforms: 'hoist,again', ...hoist, ...part('transforms', 'again', 'HoistField$Value', { field: 'outer' }) },
  },
  {
    name: 'keyed',
    what: 'a key, a header and a timestamp of its own for each record',
    settings: {
      transforms: 'hoist,when,key,id,mark,line',
      ...hoist,
      ...part('transforms', 'when', 'InsertField$Value', { 'timestamp.field': 'at' }),
      ...part('transforms', 'key', 'ValueToKey', { fields: 'content' }),
      ...part('transforms', 'id', 'ExtractField$Key', { field: 'content' }),
      ...part('transforms', 'mark', 'InsertHeader', { header: 'site', 'value.literal': 'berlin' }),
      ...part('transforms', 'line', 'ExtractField$Value', { field: 'content' }),
    },
  },
  { name: 'two', what: 'HoistField, InsertField', settings: { transforms: 'hoist,insert', ...hoist, ...insert } },
  {
    name: 'five',
    what: 'HoistField, InsertField, ReplaceField, Cast, RegexRouter, two of them with predicates',
    routes: true,
    settings: {
      transforms: 'hoist,insert,rename,cast,route',
      ...hoist,
      ...insert,
      ...part('transforms', 'rename', 'ReplaceField$Value', { renames: 'content:line', predicate: 'marked', negate: true }),
      ...part('transforms', 'cast', 'Cast$Value', { spec: 'host:int32', predicate: 'ours' }),
      ...part('transforms', 'route', 'RegexRouter', { regex: '(.*)', replacement: '$1-routed' }),
      predicates: 'marked,ours',
      ...part('predicates', 'marked', 'predicates.HasHeaderKey', { name: 'mark' }),
      ...part('predicates', 'ours', 'predicates.TopicNameMatches', { pattern: 'bench-.*' }),
    },
  },
];

/** What arrived in the first run of a lane; every other run, of whatever worker, has to bring the same. */
const arrived = new Map<string, { readonly subject: SubjectName; readonly sha256: string }>();

async function compareArrived(lane: string, subject: SubjectName, file: string): Promise<void> {
  const hash = await sha256(file);
  const first = arrived.get(lane);
  if (!first) arrived.set(lane, { subject, sha256: hash });
  else if (first.sha256 !== hash) throw new Error(`${lane}: ${subject} has brought other bytes than ${first.subject}`);
}

function transformLane({ name, what, settings, routes }: Chain, schemas: boolean): Lane {
  const lane = `transforms-${name}-${schemas ? 'schema' : 'plain'}`;
  return {
    name: lane,
    what: `file to topic as JSON ${schemas ? 'with' : 'without'} schemas, ${what}: first record in the topic until the last`,
    subjects: ['ours', 'java'],
    higherIsBetter: ['records/s'],
    async run({ bootstrap, wire, inputs, freshTopic }, subject): Promise<Figures> {
      const dir = new TempDir('bench');
      const topic = freshTopic();
      const target = routes ? `${topic}-routed` : topic;
      await wire.createTopic(target);
      const more = { ...settings, 'value.converter.schemas.enable': schemas };
      const child = await startSubject(subject, bootstrap, dir, [
        { kind: 'source', format: 'json', file: inputs.string.file, topic, more },
      ]);
      const run = await watchGrowth(child, () => wire.endOffset(target), inputs.lines);
      await child.stop();
      await dumpValues(bootstrap, target, dir.file('dump'));
      await compareArrived(lane, subject, dir.file('dump'));
      await wire.deleteTopic(target);
      dir.remove();
      return { 'records/s': run.perSecond, 'peak RSS MiB': run.peakRssMiB, 'CPU s': run.cpuSeconds };
    },
  };
}

/** Every chain, with schemas and without. */
export const TRANSFORM_LANES: readonly Lane[] = CHAINS.flatMap(chain => [transformLane(chain, true), transformLane(chain, false)]);
