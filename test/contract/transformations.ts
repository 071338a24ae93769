/** What the built-in transformations and predicates are given by their kits, by class name without the package and `$Key` or `$Value`. */
import {
  type ConnectRecord,
  INT64_SCHEMA,
  OPTIONAL_STRING_SCHEMA,
  type Props,
  SchemaBuilder,
  STRING_SCHEMA,
  Struct,
  TIMESTAMP_SCHEMA,
} from '../../src/api';
import { sinkRecord, sourceRecord } from '../../src/testing';

export interface StepCase {
  readonly props?: Props;
  readonly badSettings?: Props;
  readonly samples?: readonly ConnectRecord[];
}

const SCHEMA = SchemaBuilder.struct()
  .name('com.example.Order')
  .field('id', INT64_SCHEMA)
  .field('host', OPTIONAL_STRING_SCHEMA)
  .field('at', TIMESTAMP_SCHEMA)
  .build();

const struct = (): Struct => new Struct(SCHEMA).put('id', 7n).put('host', 'web1').put('at', new Date(1_700_000_000_123));
const map = (): Map<string, unknown> =>
  new Map<string, unknown>([
    ['id', 7n],
    ['host', 'web1'],
    ['at', 1_700_000_000_123n],
  ]);

/** Structs as keys and values. */
const WITH_SCHEMA = [sourceRecord, sinkRecord].map(make =>
  make({ keySchema: SCHEMA, key: struct(), valueSchema: SCHEMA, value: struct() }),
);
/** Maps as keys and values. */
const WITHOUT_SCHEMA = [sourceRecord, sinkRecord].map(make => make({ key: map(), value: map() }));
const BOTH = [...WITH_SCHEMA, ...WITHOUT_SCHEMA];
/** What those take that look at neither keys nor values. */
const ANY = [...BOTH, sourceRecord({ headers: [{ key: 'host', schema: STRING_SCHEMA, value: 'web1' }] }), sinkRecord()];

export const TRANSFORMATION_CASES: Readonly<Record<string, StepCase>> = {
  Cast: { props: { spec: 'id:string,host:string' }, badSettings: { spec: 'id:roman' }, samples: BOTH },
  DropHeaders: { props: { headers: 'host' }, samples: ANY },
  ExtractField: { props: { field: 'host' }, samples: BOTH },
  Filter: { samples: ANY },
  Flatten: { props: { delimiter: '_' }, samples: BOTH },
  HeaderFrom: {
    props: { fields: 'host', headers: 'from', operation: 'move' },
    badSettings: { operation: 'fling' },
    samples: BOTH,
  },
  HoistField: { props: { field: 'line' }, samples: BOTH },
  InsertField: { props: { 'static.field': 'site', 'static.value': 'berlin', 'topic.field': 'topic!' }, samples: BOTH },
  InsertHeader: { props: { header: 'site', 'value.literal': 'berlin' }, samples: ANY },
  MaskField: { props: { fields: 'host' }, samples: BOTH },
  RegexRouter: { props: { regex: '(.*)', replacement: 'new-$1' }, badSettings: { regex: '(' }, samples: ANY },
  ReplaceField: { props: { exclude: 'at', renames: 'host:server' }, samples: BOTH },
  SetSchemaMetadata: { props: { 'schema.name': 'com.example.New', 'schema.version': '2' }, samples: WITH_SCHEMA },
  TimestampConverter: {
    props: { field: 'at', 'target.type': 'string', format: 'yyyy-MM-dd' },
    badSettings: { 'target.type': 'sundial' },
    samples: BOTH,
  },
  TimestampRouter: { samples: ANY },
  ValueToKey: { props: { fields: 'id' }, samples: BOTH },
};

export const PREDICATE_CASES: Readonly<Record<string, StepCase>> = {
  HasHeaderKey: { props: { name: 'host' }, badSettings: { name: '' }, samples: ANY },
  RecordIsTombstone: { samples: ANY },
  TopicNameMatches: { props: { pattern: 'o.*' }, badSettings: { pattern: '(' }, samples: ANY },
};
