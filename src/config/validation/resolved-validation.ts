/**
 * Validates settings with variables. As in Java, the supplied values are checked. Unlike in Java, the result shows the variables again,
 * since a supplied value may be a secret.
 */

import { ConnectError, toError } from '../../errors';
import { type Hidden, hideSecrets, hideValues } from '../../secrets';
import type { ConnectorProps } from '../connector-props';
import type { ConfigTransformer, TransformResult } from '../providers/config-transformer';
import type { ConfigInfos, ConfigValueInfo } from './config-infos';
import { type ConnectorValidation, validateConnectorConfig } from './connector-config';

/**
 * As `validateConnectorConfig`, for settings with variables.
 * @param validate gets the resolved settings; runs in another thread if outside plugins take part
 * @throws also BadRequestException with a provider's message, where Java responds with 500 to a mistake of the user
 */
export async function validateWithVariables(
  validation: ConnectorValidation,
  transformer: ConfigTransformer,
  validate: (resolved: ConnectorValidation) => Promise<ConfigInfos> = validateConnectorConfig,
): Promise<ConfigInfos> {
  const given = validation.props;
  const { data: props, supplied } = resolve(given, transformer);
  const hidden = Object.keys(given).filter(key => given[key] !== props[key]);
  if (hidden.length === 0) return validate(validation);
  const whole = hidden.map((key): Hidden => [props[key] ?? '', given[key] ?? '']);
  const hide = (text: string): string => hideSecrets(hideValues(text, [...supplied, ...whole]));
  const infos = await validate({ ...validation, props }).catch((error: unknown) => {
    // Without its cause, which may contain the value too.
    throw error instanceof ConnectError ? new ConnectError(error.code, hide(error.message)) : error;
  });
  const configs = infos.configs.map(({ definition, value }) => ({
    definition: definition && withoutSecrets(definition),
    value: value && withoutSecrets(withVariables(value, given, hidden, hide)),
  }));
  return { ...withoutSecrets(infos), configs };
}

function resolve(given: ConnectorProps, transformer: ConfigTransformer): TransformResult<string | null> {
  try {
    return transformer.transform(given);
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

/** All texts of an info are checked, since aliases are part of names, groups and texts. */
function withoutSecrets<T extends object>(info: T): T {
  const clean = (item: unknown): unknown => (typeof item === 'string' ? hideSecrets(item) : Array.isArray(item) ? item.map(clean) : item);
  return Object.fromEntries(Object.entries(info).map(([field, item]) => [field, clean(item)])) as T;
}
