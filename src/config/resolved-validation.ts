/**
 * Validation of settings with variables, as in Java: what the providers supply is checked, not the variables. Unlike in Java the
 * answer shows the variables again, since a value behind one may be a secret that nobody gave to REST.
 */

import { ConnectError, toError } from '../errors';
import type { ConfigInfos, ConfigValueInfo } from './config-infos';
import type { ConfigTransformer } from './config-transformer';
import { type ConnectorValidation, validateConnectorConfig } from './connector-config';
import type { ConnectorProps } from './connector-props';

/**
 * As `validateConnectorConfig`, the settings given with their variables.
 * @param validate gets the settings without variables; where plugins from outside take part, it runs in their thread
 * @throws also BadRequestException with what a provider says: Java answers 500 for what is the user's mistake
 */
export async function validateWithVariables(
  validation: ConnectorValidation,
  transformer: ConfigTransformer,
  validate: (resolved: ConnectorValidation) => Promise<ConfigInfos> = validateConnectorConfig,
): Promise<ConfigInfos> {
  const given = validation.props;
  const props = resolve(given, transformer);
  const hidden = Object.keys(given).filter(key => given[key] !== props[key]);
  if (hidden.length === 0) return validate(validation);
  const hide = hider(hidden, given, props);
  const infos = await validate({ ...validation, props }).catch((error: unknown) => {
    // Without its cause, which may tell the value too.
    throw error instanceof ConnectError ? new ConnectError(error.code, hide(error.message)) : error;
  });
  const configs = infos.configs.map(info => ({ ...info, value: info.value && withVariables(info.value, given, hidden, hide) }));
  return { ...infos, configs };
}

function resolve(given: ConnectorProps, transformer: ConfigTransformer): ConnectorProps {
  try {
    return transformer.transform(given).data;
  } catch (thrown) {
    const { message, cause } = toError(thrown);
    throw new ConnectError('BadRequestException', cause instanceof Error ? `${message} (${cause.message})` : message, thrown);
  }
}

function withVariables(
  value: ConfigValueInfo,
  given: ConnectorProps,
  hidden: readonly string[],
  hide: (text: string) => string,
): ConfigValueInfo {
  const shown = hidden.includes(value.name) ? (given[value.name] ?? null) : value.value;
  return { ...value, value: shown, errors: value.errors.map(hide) };
}

/** Texts with the variables in the place of what they stand for. */
function hider(hidden: readonly string[], given: ConnectorProps, props: ConnectorProps): (text: string) => string {
  const pairs = hidden.map(key => [props[key] ?? '', given[key] ?? ''] as const).filter(([resolved]) => resolved.trim() !== '');
  const longestFirst = pairs.sort(([a], [b]) => b.length - a.length);
  return text => longestFirst.reduce((shown, [resolved, variable]) => shown.replaceAll(resolved.trim(), variable), text);
}
