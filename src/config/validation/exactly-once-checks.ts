/**
 * What a source connector must be capable of for `exactly.once.support=required` and `transaction.boundary=connector`
 * (org.apache.kafka.connect.runtime.distributed.DistributedHerder; Java's standalone herder checks neither; without exactly-once, neither
 * do we when we validate).
 */
import { type ConfigValue, parseType } from '../../api/config-def';
import type { Props, SourceConnector } from '../../api/connector';
import { ConnectError, SettingError, toError } from '../../errors';
import { getLogger } from '../../log';

const log = getLogger('org.apache.kafka.connect.runtime.AbstractHerder');

/** On a worker with exactly-once: adds errors for what the connector does not support. */
export function checkExactlyOnce(connector: SourceConnector, props: Props, values: ReadonlyMap<string, ConfigValue>): void {
  const support = values.get('exactly.once.support');
  if (wants(support, 'required'))
    addProblem(support, 'exactly-once semantics', () => supportProblem(connector.exactlyOnceSupport?.(props) ?? null));
  const boundary = values.get('transaction.boundary');
  if (wants(boundary, 'connector'))
    addProblem(boundary, 'defining its own transaction boundaries', () =>
      connector.canDefineTransactionBoundaries?.(props) === 'SUPPORTED'
        ? null
        : 'The connector does not support connector-defined transaction boundaries with the given configuration. Please reconfigure it to use a ' +
          'different transaction boundary definition.',
    );
}

/** True if the value is the wanted one; a value with errors does not count. */
function wants(value: ConfigValue | undefined, wanted: string): boolean {
  return value?.errors.length === 0 && String(value.value).toLowerCase() === wanted;
}

function addProblem(value: ConfigValue | undefined, what: string, check: () => string | null): void {
  try {
    const problem = check();
    if (problem !== null) value?.errors.push(problem);
  } catch (thrown) {
    log.error(`Failed while validating connector support for ${what}`, thrown);
    const message = toError(thrown).message.trim();
    const reason = message === '' ? '; please see the worker logs for more details.' : `: ${message}`;
    value?.errors.push(`An unexpected error occurred during validation${reason}`);
  }
}

function supportProblem(support: unknown): string | null {
  if (support === 'SUPPORTED') return null;
  if (support === 'UNSUPPORTED') return 'The connector does not support exactly-once semantics with the provided configuration.';
  if (support !== null)
    throw new ConnectError('ConnectException', `Unexpected value returned from SourceConnector::exactlyOnceSupport: ${String(support)}`);
  return (
    'The connector does not implement the API required for preflight validation of exactly-once source support. Please consult the documentation ' +
    'for the connector to determine whether it supports exactly-once semantics, and then consider reconfiguring the connector to use the value ' +
    '"requested" for this property (which will disable this preflight check and allow the connector to be created).'
  );
}

/** On a worker without exactly-once: refuses a connector that requires it, which Java accepts. @throws ConfigException */
export function refuseRequired(props: Props): void {
  if ((parseType('exactly.once.support', props['exactly.once.support'], 'STRING') as string | null)?.toLowerCase() !== 'required') return;
  throw new SettingError(
    'exactly.once.support',
    'This worker does not have exactly-once source support enabled. Set exactly.once.source.support=enabled in its settings, or ' +
      'exactly.once.support=requested for the connector.',
  );
}
