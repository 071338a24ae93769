/** Shapes of the JSON bodies of requests and replies, as OpenAPI schemas. */

/** The part of OpenAPI 3.0's schema objects that is used here. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  readonly format?: string;
  readonly description?: string;
  readonly nullable?: boolean;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly minItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly oneOf?: readonly Schema[];
}

const TEXT: Schema = { type: 'string' };
const TEXT_OR_NULL: Schema = { type: 'string', nullable: true };
const INTEGER: Schema = { type: 'integer', format: 'int32' };
const TASK_NUMBER: Schema = { type: 'integer', format: 'int32', minimum: 0 };
const COUNT: Schema = { type: 'integer', format: 'int64', minimum: 0 };
const BOOLEAN: Schema = { type: 'boolean' };
const ANY: Schema = { nullable: true };
const SCALAR: Schema = { oneOf: [{ type: 'string' }, { type: 'number' }, { type: 'boolean' }] };
const CONNECTOR_TYPE: Schema = { type: 'string', enum: ['source', 'sink'] };
const PLUGIN_TYPE: Schema = {
  type: 'string',
  enum: ['sink', 'source', 'transformation', 'predicate', 'converter', 'header_converter'],
};
const STATE: Schema = { type: 'string', enum: ['UNASSIGNED', 'RUNNING', 'PAUSED', 'STOPPED', 'FAILED', 'RESTARTING'] };

/** A reference to one of `SCHEMAS`. */
export function ref(name: SchemaName): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

const refTo = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const mapOf = (additionalProperties: Schema): Schema => ({ type: 'object', additionalProperties });

/** An object without further fields; names with a question mark may be absent. */
function object(fields: Readonly<Record<string, Schema>>): Schema {
  const nameOf = (field: string): string => field.replace('?', '');
  return {
    type: 'object',
    properties: Object.fromEntries(Object.entries(fields).map(([field, schema]) => [nameOf(field), schema])),
    required: Object.keys(fields).filter(field => !field.endsWith('?')),
    additionalProperties: false,
  };
}

const STATUS_FIELDS = { state: STATE, worker_id: TEXT, version: TEXT_OR_NULL, 'trace?': TEXT };
const FREE_OBJECT: Schema = { type: 'object', nullable: true, additionalProperties: ANY };

/** All named shapes. */
export const SCHEMAS = {
  Error: object({ error_code: INTEGER, message: TEXT }),
  ServerInfo: object({ version: TEXT, commit: TEXT, kafka_cluster_id: TEXT }),
  Health: object({ status: { type: 'string', enum: ['healthy', 'starting', 'unhealthy'] }, message: TEXT }),
  Message: object({ message: TEXT }),
  Names: listOf(TEXT),
  Config: mapOf(TEXT),
  ConfigChange: {
    ...mapOf({ ...SCALAR, nullable: true }),
    description: 'Settings. Numbers and booleans become text, as they are spelled.',
  },
  NewConfig: {
    ...mapOf({ ...SCALAR, nullable: true }),
    properties: { 'connector.class': TEXT },
    required: ['connector.class'],
    description: 'All settings of a connector.',
  },
  CreateConnector: object({
    'name?': { ...TEXT_OR_NULL, description: 'Blanks at both ends are dropped.' },
    config: refTo('NewConfig'),
    'initial_state?': { ...TEXT_OR_NULL, enum: ['RUNNING', 'PAUSED', 'STOPPED'], description: 'In any case of letters.' },
  }),
  TaskId: object({ connector: TEXT, task: TASK_NUMBER }),
  ConnectorInfo: object({ name: TEXT, config: refTo('Config'), tasks: listOf(refTo('TaskId')), type: CONNECTOR_TYPE }),
  TaskInfo: object({ id: refTo('TaskId'), config: refTo('Config') }),
  TaskInfos: listOf(refTo('TaskInfo')),
  ConnectorState: object(STATUS_FIELDS),
  TaskState: object({ id: TASK_NUMBER, ...STATUS_FIELDS, 'counters?': refTo('TaskCounters') }),
  TaskCounters: {
    ...object({
      read: COUNT,
      acknowledged: COUNT,
      filtered: COUNT,
      deadLettered: COUNT,
      skipped: COUNT,
      pending: COUNT,
      oldestPending: refTo('OldestPending'),
      'unreadBytes?': COUNT,
      'unreadUnknown?': COUNT,
    }),
    description:
      'Since this run of the task began. `read` is the sum of the other counts of records. `unreadBytes` were gone before a file source could read ' +
      'them, and `unreadUnknown` counts the times when their number is unknown.',
  },
  OldestPending: {
    ...object({ topic: TEXT_OR_NULL, partition: { ...COUNT, nullable: true }, ageMs: COUNT }),
    nullable: true,
    description: 'The record that has waited longest for its acknowledgement; null where none waits.',
  },
  ConnectorStatus: object({
    name: TEXT,
    connector: refTo('ConnectorState'),
    tasks: listOf(refTo('TaskState')),
    type: CONNECTOR_TYPE,
  }),
  Connectors: {
    oneOf: [refTo('Names'), mapOf(object({ 'status?': refTo('ConnectorStatus'), 'info?': refTo('ConnectorInfo') }))],
  },
  ActiveTopics: mapOf(object({ topics: refTo('Names') })),
  Offset: object({ 'partition?': FREE_OBJECT, 'offset?': FREE_OBJECT }),
  Offsets: object({ offsets: listOf(refTo('Offset')) }),
  OffsetsChange: object({ offsets: { ...listOf(refTo('Offset')), minItems: 1 } }),
  Plugin: object({ class: TEXT, type: PLUGIN_TYPE, 'version?': TEXT }),
  Plugins: listOf(refTo('Plugin')),
  SettingDefinition: object({
    name: TEXT,
    type: TEXT,
    required: BOOLEAN,
    default_value: TEXT_OR_NULL,
    importance: TEXT,
    documentation: TEXT_OR_NULL,
    group: TEXT_OR_NULL,
    order_in_group: INTEGER,
    width: TEXT,
    display_name: TEXT,
    dependents: refTo('Names'),
  }),
  SettingDefinitions: listOf(refTo('SettingDefinition')),
  SettingValue: object({
    name: TEXT,
    value: TEXT_OR_NULL,
    recommended_values: listOf(TEXT_OR_NULL),
    errors: refTo('Names'),
    visible: BOOLEAN,
  }),
  SettingInfo: object({ definition: { nullable: true, oneOf: [refTo('SettingDefinition')] }, value: refTo('SettingValue') }),
  Validation: object({ name: TEXT, error_count: INTEGER, groups: refTo('Names'), configs: listOf(refTo('SettingInfo')) }),
  LogLevel: object({ level: TEXT, last_modified: { type: 'integer', format: 'int64', nullable: true } }),
  LogLevels: mapOf(refTo('LogLevel')),
  LogLevelChange: { ...object({ level: TEXT }), additionalProperties: { ...SCALAR, nullable: true } },
  AnyObject: { type: 'object', additionalProperties: true },
} satisfies Readonly<Record<string, Schema>>;

export type SchemaName = keyof typeof SCHEMAS;
