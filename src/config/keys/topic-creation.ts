/**
 * Settings below `topic.creation.`: how a source connector's topics are created (KIP-158;
 * org.apache.kafka.connect.runtime.TopicCreationConfig).
 */

import { ConfigDef, type ConfigKey, NO_DEFAULT, type ParsedConfig, parseType } from '../../api/config-def';
import { invalidValue } from '../../api/config-types';
import type { Validator } from '../../api/config-validators';
import type { Props } from '../../api/connector';
import { toError } from '../../errors';
import { compileFullMatch } from '../../java/regex/regex';
import { getLogger } from '../../log';
import type { ConnectorProps } from '../connector-props';
import { settingsBelow } from '../providers/provider-table';
import { boundedAliases } from '../validation/alias-bounds';
import { type ConfigInfos, wrongInfos } from '../validation/config-infos';

const log = getLogger('org.apache.kafka.connect.runtime.SourceConnectorConfig');

/** How the topics of one group are created: those whose whole name matches an `include` and no `exclude`, which are regular expressions. */
export interface TopicCreationGroup {
  readonly name: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** -1 leaves it to the broker. */
  readonly replicationFactor: number;
  /** -1 leaves it to the broker. */
  readonly partitions: number;
  /** Settings of the topic itself, such as `cleanup.policy`. */
  readonly topicConfigs: Readonly<Record<string, string>>;
}

const GROUPS = 'topic.creation.groups';
const INT_KEYS = ['replication.factor', 'partitions'] as const;
const BROKER_DEFAULT = -1;

/** Keys of a group that are not settings of its topics. */
export const TOPIC_GROUP_KEYS: readonly string[] = ['include', 'exclude', 'replication.factor', 'partitions'];

/** True if the connector has settings for topic creation. */
function wantsTopicCreation(props: ConnectorProps): boolean {
  return Object.keys(props).some(key => key.startsWith('topic.creation.'));
}

/**
 * The groups of a connector in matching order, with `default`, which matches everything, at the end; null if no topics are to be created.
 * @throws ConfigException with Java's text
 */
export function topicCreationGroups(props: Props): TopicCreationGroup[] | null {
  if (!wantsTopicCreation(props)) return null;
  const defaults = groupDef('default', NO_DEFAULT, NO_DEFAULT).parse(props);
  const names = parseType(GROUPS, props[GROUPS] ?? '', 'LIST') as readonly string[];
  boundedAliases(GROUPS, names);
  if (names.includes('default')) log.warn("'default' topic creation group always exists and does not need to be listed explicitly");
  const [replicationFactor, partitions] = INT_KEYS.map(key => readInt(defaults, 'default', key));
  const groups = othersOf(names).map(name => toGroup(props, name, groupDef(name, replicationFactor, partitions).parse(props)));
  return [...groups, { ...toGroup(props, 'default', defaults), include: ['.*'], exclude: [] }];
}

/** Validates these settings. Java does so only when the connector starts, and then responds with 500. */
export function validateTopicCreation(props: ConnectorProps): ConfigInfos {
  if (!wantsTopicCreation(props)) return wrongInfos(new Map(), []);
  const names = parseType(GROUPS, props[GROUPS] ?? '', 'LIST') as readonly string[];
  const defaults = groupDef('default', NO_DEFAULT, NO_DEFAULT);
  const defaultValues = defaults.validate(props);
  // An invalid default was reported already; the groups that inherit it are not reported again.
  const [replicationFactor, partitions] = INT_KEYS.map(key => {
    const found = defaultValues.find(({ name }) => name === `topic.creation.default.${key}`);
    return found?.errors.length === 0 ? found.value : BROKER_DEFAULT;
  });
  const others = othersOf(names).map(name => groupDef(name, replicationFactor, partitions));
  const keys = new Map([defaults, ...others].flatMap(def => [...def.keys]));
  return wrongInfos(keys, [...defaultValues, ...others.flatMap(def => def.validate(props))]);
}

const othersOf = (names: readonly string[]): string[] => [...new Set(names)].filter(name => name !== 'default' && name !== '');

const readInt = (config: ParsedConfig, group: string, key: string): number => config.getInt(`topic.creation.${group}.${key}`);

const positiveOrDefault = (problem: string): Validator => {
  return (key, value) => {
    if (typeof value === 'number' && value < 1 && value !== -1) throw invalidValue(key, value, problem);
  };
};

const validRegexes: Validator = (key, value) => {
  try {
    for (const pattern of (value ?? []) as readonly string[]) compileFullMatch(pattern);
  } catch (error) {
    throw invalidValue(key, value, `Syntax error in regular expression: ${toError(error).message}`);
  }
};

/** The definition of a group. It inherits from the group `default`, which must set both values. */
function groupDef(group: string, replicationFactor: unknown, partitions: unknown): ConfigDef {
  const keys: readonly Omit<ConfigKey, 'importance' | 'group' | 'orderInGroup'>[] = [
    { name: 'include', type: 'LIST', defaultValue: [], validator: validRegexes, doc: 'Regular expressions for topics of this group.' },
    { name: 'exclude', type: 'LIST', defaultValue: [], validator: validRegexes, doc: 'Regular expressions for topics not of this group.' },
    {
      name: 'replication.factor',
      type: 'SHORT',
      defaultValue: replicationFactor,
      validator: positiveOrDefault(
        "Replication factor must be positive and not larger than the number of brokers in the Kafka cluster, or -1 to use the broker's default",
      ),
      doc: "Replication factor of new topics; -1 is the broker's default.",
    },
    {
      name: 'partitions',
      type: 'INT',
      defaultValue: partitions,
      validator: positiveOrDefault("Number of partitions must be positive, or -1 to use the broker's default"),
      doc: "Number of partitions of new topics; -1 is the broker's default.",
    },
  ];
  const child = new ConfigDef();
  keys.forEach((key, orderInGroup) => {
    child.define({ ...key, importance: 'LOW', orderInGroup });
  });
  return new ConfigDef().embed(`topic.creation.${group}.`, group, 0, child);
}

function toGroup(props: Props, name: string, config: ParsedConfig): TopicCreationGroup {
  const prefix = `topic.creation.${name}.`;
  const others = Object.entries(settingsBelow(props, prefix)).filter(([key]) => !TOPIC_GROUP_KEYS.includes(key));
  return {
    name,
    include: config.getList(`${prefix}include`),
    exclude: config.getList(`${prefix}exclude`),
    replicationFactor: readInt(config, name, 'replication.factor'),
    partitions: readInt(config, name, 'partitions'),
    topicConfigs: Object.fromEntries(others),
  };
}
