/**
 * The only door to librdkafka: its functions through the FFI package koffi. Handles (clients, queues, topics, events, messages, lists) are
 * addresses as numbers, exact below 2^53, so that a call costs tens of nanoseconds. No C callback ever points into JavaScript: events are
 * polled from queues, since a thread may be gone when librdkafka calls it.
 */
import fs from 'node:fs';
import path from 'node:path';
import koffi, { type LibraryHandle } from 'koffi';
import { ConnectError } from '../../errors';

/** Address of an object of librdkafka; 0 is NULL. */
export type Address = number;

const PROTOTYPES = {
  version: 'str rd_kafka_version_str()',
  confNew: 'uintptr_t rd_kafka_conf_new()',
  confDestroy: 'void rd_kafka_conf_destroy(uintptr_t conf)',
  confSet: 'int rd_kafka_conf_set(uintptr_t conf, str name, str value, void* errstr, size_t size)',
  confSetEvents: 'void rd_kafka_conf_set_events(uintptr_t conf, int events)',
  create: 'uintptr_t rd_kafka_new(int type, uintptr_t conf, void* errstr, size_t size)',
  destroyFlags: 'void rd_kafka_destroy_flags(uintptr_t rk, int flags)',
  setLogQueue: 'int rd_kafka_set_log_queue(uintptr_t rk, uintptr_t queue)',
  fatalError: 'int rd_kafka_fatal_error(uintptr_t rk, void* errstr, size_t size)',
  errorName: 'str rd_kafka_err2name(int err)',
  errorText: 'str rd_kafka_err2str(int err)',
  errorCode: 'int rd_kafka_error_code(uintptr_t error)',
  errorString: 'str rd_kafka_error_string(uintptr_t error)',
  errorDestroy: 'void rd_kafka_error_destroy(uintptr_t error)',

  topicNew: 'uintptr_t rd_kafka_topic_new(uintptr_t rk, str topic, uintptr_t conf)',
  topicDestroy: 'void rd_kafka_topic_destroy(uintptr_t rkt)',
  topicName: 'str rd_kafka_topic_name(uintptr_t rkt)',
  metadata: 'int rd_kafka_metadata(uintptr_t rk, int allTopics, uintptr_t rkt, void* metadata, int timeoutMs)',
  metadataDestroy: 'void rd_kafka_metadata_destroy(uintptr_t metadata)',

  produceBatch: 'int rd_kafka_produce_batch(uintptr_t rkt, int32_t partition, int flags, void* messages, int count)',
  produceVa: 'uintptr_t rd_kafka_produceva(uintptr_t rk, uintptr_t vus, size_t count)',
  purge: 'int rd_kafka_purge(uintptr_t rk, int flags)',

  initTransactions: 'uintptr_t rd_kafka_init_transactions(uintptr_t rk, int timeoutMs)',
  beginTransaction: 'uintptr_t rd_kafka_begin_transaction(uintptr_t rk)',
  commitTransaction: 'uintptr_t rd_kafka_commit_transaction(uintptr_t rk, int timeoutMs)',
  abortTransaction: 'uintptr_t rd_kafka_abort_transaction(uintptr_t rk, int timeoutMs)',
  errorIsRetriable: 'int rd_kafka_error_is_retriable(uintptr_t error)',

  consumeStartQueue: 'int rd_kafka_consume_start_queue(uintptr_t rkt, int32_t partition, int64_t offset, uintptr_t queue)',
  consumeStop: 'int rd_kafka_consume_stop(uintptr_t rkt, int32_t partition)',

  queueNew: 'uintptr_t rd_kafka_queue_new(uintptr_t rk)',
  queueGetMain: 'uintptr_t rd_kafka_queue_get_main(uintptr_t rk)',
  queueGetConsumer: 'uintptr_t rd_kafka_queue_get_consumer(uintptr_t rk)',
  queueGetPartition: 'uintptr_t rd_kafka_queue_get_partition(uintptr_t rk, str topic, int32_t partition)',
  queueForward: 'void rd_kafka_queue_forward(uintptr_t from, uintptr_t to)',
  queueDestroy: 'void rd_kafka_queue_destroy(uintptr_t queue)',
  queuePoll: 'uintptr_t rd_kafka_queue_poll(uintptr_t queue, int timeoutMs)',
  queueIoEventEnable: 'void rd_kafka_queue_io_event_enable(uintptr_t queue, int fd, void* payload, size_t size)',

  eventType: 'int rd_kafka_event_type(uintptr_t event)',
  eventError: 'int rd_kafka_event_error(uintptr_t event)',
  eventErrorString: 'str rd_kafka_event_error_string(uintptr_t event)',
  eventErrorIsFatal: 'int rd_kafka_event_error_is_fatal(uintptr_t event)',
  eventMessageArray: 'size_t rd_kafka_event_message_array(uintptr_t event, void* messages, size_t size)',
  eventLog: 'int rd_kafka_event_log(uintptr_t event, _Out_ str* facility, _Out_ str* text, _Out_ int* level)',
  eventPartitions: 'uintptr_t rd_kafka_event_topic_partition_list(uintptr_t event)',
  eventDestroy: 'void rd_kafka_event_destroy(uintptr_t event)',

  pollSetConsumer: 'int rd_kafka_poll_set_consumer(uintptr_t rk)',
  subscribe: 'int rd_kafka_subscribe(uintptr_t rk, uintptr_t topics)',
  assign: 'int rd_kafka_assign(uintptr_t rk, uintptr_t partitions)',
  incrementalAssign: 'uintptr_t rd_kafka_incremental_assign(uintptr_t rk, uintptr_t partitions)',
  incrementalUnassign: 'uintptr_t rd_kafka_incremental_unassign(uintptr_t rk, uintptr_t partitions)',
  rebalanceProtocol: 'str rd_kafka_rebalance_protocol(uintptr_t rk)',
  assignmentLost: 'int rd_kafka_assignment_lost(uintptr_t rk)',
  consumeBatchQueue: 'intptr_t rd_kafka_consume_batch_queue(uintptr_t queue, int timeoutMs, void* messages, size_t size)',
  messageDestroy: 'void rd_kafka_message_destroy(uintptr_t message)',
  messageErrorText: 'str rd_kafka_message_errstr(uintptr_t message)',
  messageTimestamp: 'int64_t rd_kafka_message_timestamp(uintptr_t message, _Out_ int* type)',
  messageHeaders: 'int rd_kafka_message_headers(uintptr_t message, void* headers)',
  headerCount: 'size_t rd_kafka_header_cnt(uintptr_t headers)',
  headerGetAll: 'int rd_kafka_header_get_all(uintptr_t headers, size_t index, _Out_ str* name, void* value, void* size)',
  commitQueue: 'int rd_kafka_commit_queue(uintptr_t rk, uintptr_t offsets, uintptr_t queue, uintptr_t callback, uintptr_t opaque)',
  seekPartitions: 'uintptr_t rd_kafka_seek_partitions(uintptr_t rk, uintptr_t partitions, int timeoutMs)',
  pausePartitions: 'int rd_kafka_pause_partitions(uintptr_t rk, uintptr_t partitions)',
  resumePartitions: 'int rd_kafka_resume_partitions(uintptr_t rk, uintptr_t partitions)',
  offsetsForTimes: 'int rd_kafka_offsets_for_times(uintptr_t rk, uintptr_t partitions, int timeoutMs)',
  consumerCloseQueue: 'uintptr_t rd_kafka_consumer_close_queue(uintptr_t rk, uintptr_t queue)',
  consumerClosed: 'int rd_kafka_consumer_closed(uintptr_t rk)',

  partitionsNew: 'uintptr_t rd_kafka_topic_partition_list_new(int size)',
  partitionsAdd: 'uintptr_t rd_kafka_topic_partition_list_add(uintptr_t list, str topic, int32_t partition)',
  partitionsSetOffset: 'int rd_kafka_topic_partition_list_set_offset(uintptr_t list, str topic, int32_t partition, int64_t offset)',
  partitionsDestroy: 'void rd_kafka_topic_partition_list_destroy(uintptr_t list)',

  adminOptionsNew: 'uintptr_t rd_kafka_AdminOptions_new(uintptr_t rk, int operation)',
  adminOptionsSetTimeout: 'int rd_kafka_AdminOptions_set_request_timeout(uintptr_t options, int timeoutMs, void* errstr, size_t size)',
  adminOptionsDestroy: 'void rd_kafka_AdminOptions_destroy(uintptr_t options)',
  describeCluster: 'void rd_kafka_DescribeCluster(uintptr_t rk, uintptr_t options, uintptr_t queue)',
  describeClusterResult: 'uintptr_t rd_kafka_event_DescribeCluster_result(uintptr_t event)',
  clusterId: 'str rd_kafka_DescribeCluster_result_cluster_id(uintptr_t result)',
  describeGroups: 'void rd_kafka_DescribeConsumerGroups(uintptr_t rk, void* groups, size_t count, uintptr_t options, uintptr_t queue)',
  describeGroupsResult: 'uintptr_t rd_kafka_event_DescribeConsumerGroups_result(uintptr_t event)',
  describeGroupsGroups: 'uintptr_t rd_kafka_DescribeConsumerGroups_result_groups(uintptr_t result, void* count)',
  groupDescriptionError: 'uintptr_t rd_kafka_ConsumerGroupDescription_error(uintptr_t group)',
  topicNamesNew: 'uintptr_t rd_kafka_TopicCollection_of_topic_names(void* names, size_t count)',
  topicNamesDestroy: 'void rd_kafka_TopicCollection_destroy(uintptr_t names)',
  configResourceNew: 'uintptr_t rd_kafka_ConfigResource_new(int type, str name)',
  configResourceDestroy: 'void rd_kafka_ConfigResource_destroy(uintptr_t resource)',
  describeConfigs: 'void rd_kafka_DescribeConfigs(uintptr_t rk, void* resources, size_t count, uintptr_t options, uintptr_t queue)',
  describeConfigsResult: 'uintptr_t rd_kafka_event_DescribeConfigs_result(uintptr_t event)',
  describedConfigs: 'uintptr_t rd_kafka_DescribeConfigs_result_resources(uintptr_t result, void* count)',
  configResourceError: 'int rd_kafka_ConfigResource_error(uintptr_t resource)',
  configResourceErrorString: 'str rd_kafka_ConfigResource_error_string(uintptr_t resource)',
  configEntries: 'uintptr_t rd_kafka_ConfigResource_configs(uintptr_t resource, void* count)',
  configEntryName: 'str rd_kafka_ConfigEntry_name(uintptr_t entry)',
  configEntryValue: 'str rd_kafka_ConfigEntry_value(uintptr_t entry)',
  describeTopics: 'void rd_kafka_DescribeTopics(uintptr_t rk, uintptr_t names, uintptr_t options, uintptr_t queue)',
  describeTopicsResult: 'uintptr_t rd_kafka_event_DescribeTopics_result(uintptr_t event)',
  describedTopics: 'uintptr_t rd_kafka_DescribeTopics_result_topics(uintptr_t result, void* count)',
  describedTopicError: 'uintptr_t rd_kafka_TopicDescription_error(uintptr_t topic)',
  newTopicNew: 'uintptr_t rd_kafka_NewTopic_new(str topic, int partitions, int replicationFactor, void* errstr, size_t size)',
  newTopicSetConfig: 'int rd_kafka_NewTopic_set_config(uintptr_t topic, str name, str value)',
  newTopicDestroy: 'void rd_kafka_NewTopic_destroy(uintptr_t topic)',
  createTopics: 'void rd_kafka_CreateTopics(uintptr_t rk, void* topics, size_t count, uintptr_t options, uintptr_t queue)',
  createTopicsResult: 'uintptr_t rd_kafka_event_CreateTopics_result(uintptr_t event)',
  createdTopics: 'uintptr_t rd_kafka_CreateTopics_result_topics(uintptr_t result, void* count)',
  createdTopicError: 'int rd_kafka_topic_result_error(uintptr_t topic)',
  createdTopicErrorString: 'str rd_kafka_topic_result_error_string(uintptr_t topic)',
  listOffsetsNew: 'uintptr_t rd_kafka_ListConsumerGroupOffsets_new(str group, uintptr_t partitions)',
  listOffsetsDestroy: 'void rd_kafka_ListConsumerGroupOffsets_destroy(uintptr_t request)',
  listGroupOffsets:
    'void rd_kafka_ListConsumerGroupOffsets(uintptr_t rk, void* requests, size_t count, uintptr_t options, uintptr_t queue)',
  listOffsetsResult: 'uintptr_t rd_kafka_event_ListConsumerGroupOffsets_result(uintptr_t event)',
  listOffsetsGroups: 'uintptr_t rd_kafka_ListConsumerGroupOffsets_result_groups(uintptr_t result, void* count)',
  alterOffsetsNew: 'uintptr_t rd_kafka_AlterConsumerGroupOffsets_new(str group, uintptr_t partitions)',
  alterOffsetsDestroy: 'void rd_kafka_AlterConsumerGroupOffsets_destroy(uintptr_t request)',
  alterGroupOffsets:
    'void rd_kafka_AlterConsumerGroupOffsets(uintptr_t rk, void* requests, size_t count, uintptr_t options, uintptr_t queue)',
  alterOffsetsResult: 'uintptr_t rd_kafka_event_AlterConsumerGroupOffsets_result(uintptr_t event)',
  alterOffsetsGroups: 'uintptr_t rd_kafka_AlterConsumerGroupOffsets_result_groups(uintptr_t result, void* count)',
  deleteOffsetsNew: 'uintptr_t rd_kafka_DeleteConsumerGroupOffsets_new(str group, uintptr_t partitions)',
  deleteOffsetsDestroy: 'void rd_kafka_DeleteConsumerGroupOffsets_destroy(uintptr_t request)',
  deleteGroupOffsets:
    'void rd_kafka_DeleteConsumerGroupOffsets(uintptr_t rk, void* requests, size_t count, uintptr_t options, uintptr_t queue)',
  deleteOffsetsResult: 'uintptr_t rd_kafka_event_DeleteConsumerGroupOffsets_result(uintptr_t event)',
  deleteOffsetsGroups: 'uintptr_t rd_kafka_DeleteConsumerGroupOffsets_result_groups(uintptr_t result, void* count)',
  deleteGroupNew: 'uintptr_t rd_kafka_DeleteGroup_new(str group)',
  deleteGroupDestroy: 'void rd_kafka_DeleteGroup_destroy(uintptr_t request)',
  deleteGroups: 'void rd_kafka_DeleteGroups(uintptr_t rk, void* requests, size_t count, uintptr_t options, uintptr_t queue)',
  deleteGroupsResult: 'uintptr_t rd_kafka_event_DeleteGroups_result(uintptr_t event)',
  deleteGroupsGroups: 'uintptr_t rd_kafka_DeleteGroups_result_groups(uintptr_t result, void* count)',
  groupResultError: 'uintptr_t rd_kafka_group_result_error(uintptr_t group)',
  groupResultPartitions: 'uintptr_t rd_kafka_group_result_partitions(uintptr_t group)',

  mockClusterNew: 'uintptr_t rd_kafka_mock_cluster_new(uintptr_t rk, int brokers)',
  mockClusterDestroy: 'void rd_kafka_mock_cluster_destroy(uintptr_t cluster)',
  mockBootstraps: 'str rd_kafka_mock_cluster_bootstraps(uintptr_t cluster)',
  mockTopicCreate: 'int rd_kafka_mock_topic_create(uintptr_t cluster, str topic, int partitions, int replication)',
  mockRebalanceDelay: 'void rd_kafka_mock_group_initial_rebalance_delay_ms(uintptr_t cluster, int32_t delayMs)',
} as const;

type FunctionName = keyof typeof PROTOTYPES;
type Argument = number | bigint | string | Buffer | Uint32Array | BigUint64Array | unknown[] | null;

/** The functions by short names; they return numbers and strings. `async` runs the call on a pool thread and calls back on this one. */
export type Librdkafka = {
  readonly [Name in FunctionName]: ((...args: Argument[]) => number) & { async(...args: unknown[]): void };
};

/** The error codes of librdkafka that our code compares with (rd_kafka_resp_err_t). */
export const RESP_ERR = {
  UNSUPPORTED_FEATURE: -165,
  NO_ERROR: 0,
  PARTITION_EOF: -191,
  QUEUE_FULL: -184,
  TIMED_OUT: -185,
  ALL_BROKERS_DOWN: -187,
  ASSIGN_PARTITIONS: -175,
  REVOKE_PARTITIONS: -174,
  STATE: -172,
  PREV_IN_PROGRESS: -177,
  IN_PROGRESS: -178,
  PURGE_QUEUE: -152,
  PURGE_INFLIGHT: -151,
  FATAL: -150,
  NO_OFFSET: -168,
  INVALID_ARG: -186,
  TOPIC_ALREADY_EXISTS: 36,
} as const;

/** Event types of rd_kafka_event_type. */
export const EVENT = { DELIVERY: 0x1, FETCH: 0x2, LOG: 0x4, ERROR: 0x8, REBALANCE: 0x10, OFFSET_COMMIT: 0x20 } as const;

const tables = new Map<string, Librdkafka>();

/** The function table of this thread. Functions are bound on first use, since binding all of them costs milliseconds. */
export function loadLibrdkafka(libraryPath: string): Librdkafka {
  const known = tables.get(libraryPath);
  if (known) return known;
  const library = openLibrary(libraryPath);
  const table = {} as Record<FunctionName, unknown>;
  for (const [name, prototype] of Object.entries(PROTOTYPES)) {
    Object.defineProperty(table, name, {
      configurable: true,
      enumerable: true,
      get: () => {
        const bound = library.func(prototype);
        Object.defineProperty(table, name, { value: bound });
        return bound;
      },
    });
  }
  tables.set(libraryPath, table as Librdkafka);
  return table as Librdkafka;
}

function openLibrary(libraryPath: string): LibraryHandle {
  try {
    return koffi.load(libraryPath);
  } catch (error) {
    throw new ConnectError(
      'ConnectException',
      `Could not load librdkafka from ${libraryPath}. Run "npm start" once, which builds it.`,
      error,
    );
  }
}

/** Where librdkafka may be, in order of preference. */
function libraryCandidates(): { readonly what: string; readonly path: string }[] {
  let build = '';
  try {
    build = path.join(path.dirname(require.resolve('@confluentinc/kafka-javascript/package.json')), 'build');
  } catch {
    // The package is not installed, which leaves only the system's library.
  }
  const system = [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/lib64',
    '/usr/lib',
    '/usr/local/lib',
    '/opt/homebrew/lib',
  ];
  return [
    { what: 'the library that the package @confluentinc/kafka-javascript builds', path: path.join(build, 'deps', 'librdkafka.so.1') },
    { what: 'the addon of @confluentinc/kafka-javascript', path: path.join(build, 'Release', 'confluent-kafka-javascript.node') },
    ...system.map(folder => ({ what: "the system's library", path: path.join(folder, 'librdkafka.so.1') })),
  ];
}

/**
 * Finds librdkafka; call on the main thread before any task thread loads it. An addon file is loaded through Node's loader first: otherwise
 * its constructor would run outside the loader, and the next native module on this thread would abort the process.
 * @throws ConnectError that names all places
 */
export function findLibrdkafka(): string {
  const candidates = libraryCandidates();
  const found = candidates.find(candidate => fs.existsSync(candidate.path));
  if (!found) {
    const places = candidates.map(candidate => `${candidate.what} (${candidate.path})`).join(', ');
    throw new ConnectError('ConnectException', `librdkafka was not found. Looked for ${places}. Run "npm start" once, which installs it.`);
  }
  if (found.path.endsWith('.node')) require(found.path);
  return found.path;
}
