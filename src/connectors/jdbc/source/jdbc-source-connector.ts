/** JdbcSource: rows of tables as records (the connectors of Confluent and of Aiven, whose settings differ). */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import { Password } from '../../../api/config-types';
import type { ConnectorContext, OffsetAlteration, Props, SourceConnector } from '../../../api/connector';
import { ConnectError } from '../../../errors';
import { getLogger, type Logger } from '../../../log';
import { readConnectionSettings } from '../config/connection-settings';
import { IDLE_SOURCE_KEYS, SOURCE_DEFS, TASK_KEYS } from '../config/source-keys';
import { checkSourceRules, queryOf } from '../config/source-rules';
import { CheckedValues, checkConnection } from '../config/validation';
import type { TableId } from '../database/table-id';
import { type Flavour, JDBC_VERSIONS } from '../database/values/flavour';
import { describeIdleParameters } from '../url/url-parameters';
import { checkOffsetAlteration } from './offset-alterations';
import { bareTables, groupEvenly, writeTableList } from './table-list';
import { TableMonitor } from './table-monitor';
import { SourceTables } from './table-search';
import { createTopicNamer, refuseSharedTopics } from './topic-names';

/** How long a start waits for the first list of tables; Confluent's connector has a setting for it. */
const FIRST_LIST_WAIT_MS = 10_000;

export class JdbcSourceConnector implements SourceConnector {
  private readonly def: ConfigDef;
  private props: Props = {};
  private context: ConnectorContext | null = null;
  private monitor: TableMonitor | null = null;
  /** Kept in use if a later list of tables is refused. */
  private lastTaskConfigs: Props[] = [];
  private logger: Logger = getLogger('io.aiven.connect.jdbc.JdbcSourceConnector');

  constructor(private readonly flavour: Flavour) {
    this.def = SOURCE_DEFS[flavour];
  }

  version(): string {
    return JDBC_VERSIONS[this.flavour];
  }

  config(): ConfigDef {
    return this.def;
  }

  async validate(props: Props, values: ConfigValue[]): Promise<ConfigValue[]> {
    const checked = new CheckedValues(values);
    checkSourceRules(checked);
    if (checked.hasErrors) return values;
    const masked = values.find(({ name }) => name === 'query.masked')?.value;
    await checkConnection(this.def, props, checked, queryOf(checked, masked instanceof Password ? masked.value : ''));
    return values;
  }

  /** Does not wait for the database, which may be away for a while. */
  start(props: Props, context: ConnectorContext): void {
    this.props = props;
    this.context = context;
    const config = this.def.parse(props);
    const { dialect, options, backoffMs } = readConnectionSettings(config, 'main');
    this.logger = this.logger.withContext(context.logger.context);
    warnOfIdleKeys(props, this.flavour, this.logger);
    const idle = describeIdleParameters(options.address);
    if (idle !== '') this.logger.warn(idle);
    if (this.query !== null) return;
    const nameTables =
      this.flavour === 'confluent' || config.getBoolean('table.names.qualify') ? (tables: TableId[]) => tables : bareTables;
    const found = new SourceTables(config, { dialect, address: options.address, flavour: this.flavour, logger: this.logger });
    this.monitor = new TableMonitor({
      connect: () => dialect.connect(options),
      list: async connection => nameTables(await found.list(connection)),
      intervalMs: config.getDelayMs('table.poll.interval.ms'),
      backoffMs,
      onChange: () => context.requestTaskReconfiguration(),
      onFailure: error => context.raiseError(error),
      logger: this.logger,
    });
    this.monitor.start();
  }

  /** The query of the settings, or null if tables are copied. */
  private get query(): string | null {
    const config = this.def.parse(this.props);
    const masked = this.flavour === 'confluent' ? config.getPassword('query.masked').value : '';
    return config.getString('query').trim() || masked.trim() || null;
  }

  /** Tables in even groups; a query has one task. Until there is a list of tables, one task waits for it. */
  async taskConfigs(maxTasks: number): Promise<Props[]> {
    if (this.query !== null) return [{ ...this.props, [TASK_KEYS.tables]: '' }];
    if (this.monitor === null) throw new ConnectError('IllegalStateException', 'The connector is not started');
    const config = this.def.parse(this.props);
    const waitMs = this.flavour === 'confluent' ? config.getDelayMs('table.monitoring.startup.polling.limit.ms') : FIRST_LIST_WAIT_MS;
    const tables = await this.monitor.current(waitMs);
    if (tables === null) return [{ ...this.props, [TASK_KEYS.tables]: '', [TASK_KEYS.tablesFetched]: 'false' }];
    const { dialect, options } = readConnectionSettings(config, 'main');
    try {
      refuseSharedTopics(tables, createTopicNamer(config, options.address));
    } catch (error) {
      // The connector becomes FAILED; a REST request that caused this call must not.
      this.context?.raiseError(error);
      return this.lastTaskConfigs;
    }
    this.lastTaskConfigs = groupEvenly(tables, maxTasks).map(group => ({
      ...this.props,
      [TASK_KEYS.tables]: writeTableList(group, dialect.identifiers),
      [TASK_KEYS.tablesFetched]: 'true',
    }));
    return this.lastTaskConfigs;
  }

  /**
   * Supported if every row has an offset of its own. In mode bulk rows have none; in mode timestamp rows of the same timestamp share one,
   * so that a group that was split by a transaction is read again; and with a look-back window its rows come again after a restart.
   */
  exactlyOnceSupport(props: Props): 'SUPPORTED' | 'UNSUPPORTED' {
    const config = this.def.parse(props);
    const looksBack = config.getLong('timestamp.look.back.ms') > 0 || config.getLong('incrementing.look.back') > 0;
    return config.getString('mode').toLowerCase().endsWith('incrementing') && !looksBack ? 'SUPPORTED' : 'UNSUPPORTED';
  }

  alterOffsets(_props: Props, alterations: readonly OffsetAlteration[]): boolean {
    for (const alteration of alterations) checkOffsetAlteration(alteration);
    return true;
  }

  async stop(): Promise<void> {
    await this.monitor?.stop();
  }
}

/** Warns of keys without effect. For Aiven's connector they are unknown keys, which the worker reports. */
function warnOfIdleKeys(props: Props, flavour: Flavour, logger: Logger): void {
  if (flavour === 'aiven') return;
  for (const [key, why] of Object.entries(IDLE_SOURCE_KEYS)) if (key in props) logger.warn(`The setting ${key} has no effect: ${why}`);
}
