/** JdbcSink: records as rows of tables (the connectors of Confluent and of Aiven, whose settings differ). */
import type { ConfigDef, ConfigValue } from '../../../api/config-def';
import type { ConnectorContext, Props, SinkConnector } from '../../../api/connector';
import { ConnectError } from '../../../errors';
import { getLogger } from '../../../log';
import { readConnectionSettings } from '../config/connection-settings';
import { SINK_DEFS } from '../config/sink-keys';
import { checkSinkRules } from '../config/sink-rules';
import { CheckedValues, checkConnection } from '../config/validation';
import { type Flavour, JDBC_VERSIONS } from '../database/values/flavour';
import { describeIdleParameters } from '../url/url-parameters';

const logger = getLogger('io.aiven.connect.jdbc.JdbcSinkConnector');

export class JdbcSinkConnector implements SinkConnector {
  private props: Props = {};
  private readonly def: ConfigDef;

  constructor(private readonly flavour: Flavour) {
    this.def = SINK_DEFS[flavour];
  }

  version(): string {
    return JDBC_VERSIONS[this.flavour];
  }

  config(): ConfigDef {
    return this.def;
  }

  async validate(props: Props, values: ConfigValue[]): Promise<ConfigValue[]> {
    const checked = new CheckedValues(values);
    checkSinkRules(checked, this.flavour);
    if (!checked.hasErrors) await checkConnection(this.def, props, checked, null);
    return values;
  }

  /** Reads the settings once, so that a mistake is reported here and not in each task. */
  start(props: Props, context: ConnectorContext): void {
    const { options } = readConnectionSettings(this.def.parse(props), 'main');
    const idle = describeIdleParameters(options.address);
    if (idle !== '') logger.withContext(context.logger.context).warn(idle);
    this.props = props;
  }

  taskConfigs(maxTasks: number): Props[] {
    return Array.from({ length: maxTasks }, () => this.props);
  }

  stop(): void {}

  /**
   * Accepts any offsets, since they are stored in Kafka only.
   * @throws ConnectException with `offsets.table`, since the table takes precedence over Kafka
   */
  alterOffsets(props: Props): boolean {
    const table = props['offsets.table']?.trim() ?? '';
    if (table === '') return true;
    throw new ConnectError(
      'ConnectException',
      `The offsets of this connector are in the table ${table} of its database (offsets.table): change the column next_offset there, or delete the rows`,
    );
  }
}
