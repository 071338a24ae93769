/** Settings of a connector's own converters, below `key.converter.`, `value.converter.` and `header.converter.`. */

import type { ConfigDef, ConfigValue } from '../../api/config-def';
import type { ConverterType } from '../../api/converter';
import { toError } from '../../errors';
import type { ConnectorProps } from '../connector-props';
import { type ConfigInfos, prefixedInfos } from '../validation/config-infos';
import { checkVersion, type PluginLookup } from '../validation/plugin-lookup';

/** Header converters first, as in REST responses. */
const CONVERTER_TYPES: readonly ConverterType[] = ['header', 'key', 'value'];

/**
 * Validates the settings of each converter that the connector names itself; the worker's are not validated. A converter that cannot be
 * created is reported on its class key.
 */
export function validateConverters(props: ConnectorProps, values: ReadonlyMap<string, ConfigValue>, plugins: PluginLookup): ConfigInfos[] {
  return CONVERTER_TYPES.flatMap(type => {
    const infos = validateConverter(type, props, values, plugins);
    return infos ? [infos] : [];
  });
}

function validateConverter(
  type: ConverterType,
  props: ConnectorProps,
  values: ReadonlyMap<string, ConfigValue>,
  plugins: PluginLookup,
): ConfigInfos | undefined {
  const classKey = `${type}.converter`;
  const className = props[classKey];
  const classValue = values.get(classKey);
  const versionValue = values.get(`${classKey}.plugin.version`);
  if (!className || !classValue || !versionValue || classValue.errors.length > 0 || versionValue.errors.length > 0) return undefined;
  // Java trims the name in its first check and not in the second.
  const plugin = plugins.find(type === 'header' ? 'header_converter' : 'converter', className);
  if (!plugin) {
    classValue.errors.push(`Failed to load class ${className}: ${className}`);
    return undefined;
  }
  try {
    checkVersion(plugins, plugin, props[`${classKey}.plugin.version`]);
  } catch (error) {
    classValue.errors.push(toError(error).message);
    versionValue.errors.push(toError(error).message);
    return undefined;
  }
  try {
    return validateOwnKeys(type, plugin.create().config(), props);
  } catch (error) {
    classValue.errors.push(`Failed to load class ${className}: ${toError(error).message}`);
    return undefined;
  }
}

function validateOwnKeys(type: ConverterType, def: ConfigDef, props: ConnectorProps): ConfigInfos {
  const prefix = `${type}.converter.`;
  const below = Object.entries(props).filter(([key]) => key.startsWith(prefix));
  const own = Object.fromEntries(below.map(([key, value]) => [key.slice(prefix.length), value]));
  return prefixedInfos(def, def.validate({ 'converter.type': type, ...own }), prefix);
}
