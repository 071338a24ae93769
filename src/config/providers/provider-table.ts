/** Which config providers exist, and how the settings name them. */

import { throwProblem } from '../../api/config-def';
import type { ConfigProvider } from '../../api/config-provider';
import { invalidValue } from '../../api/config-types';
import type { Props } from '../../api/connector';
import { ConnectError, SettingError } from '../../errors';
import { DirectoryConfigProvider } from './directory-config-provider';
import { EnvVarConfigProvider } from './env-var-config-provider';
import { FileConfigProvider } from './file-config-provider';

/** Constructors of providers by Java class name. */
export const CONFIG_PROVIDERS: Readonly<Record<string, () => ConfigProvider>> = {
  'org.apache.kafka.common.config.provider.FileConfigProvider': () => new FileConfigProvider(),
  'org.apache.kafka.common.config.provider.DirectoryConfigProvider': () => new DirectoryConfigProvider(),
  'org.apache.kafka.common.config.provider.EnvVarConfigProvider': () => new EnvVarConfigProvider(),
};

/**
 * The providers that `config.providers` names and `config.providers.<name>.class` defines, configured. A name without class is skipped.
 * @param onProblem called for unknown classes and invalid parameters; may throw
 */
export function createConfigProviders(props: Props, onProblem = throwProblem): Map<string, ConfigProvider> {
  const providers = new Map<string, ConfigProvider>();
  for (const name of (props['config.providers'] ?? '').split(',').map(part => part.trim())) {
    const classKey = `config.providers.${name}.class`;
    const className = props[classKey];
    if (className === undefined) continue;
    const create = Object.hasOwn(CONFIG_PROVIDERS, className.trim()) ? CONFIG_PROVIDERS[className.trim()] : undefined;
    if (!create) {
      onProblem(classKey, invalidValue(classKey, className, 'Could not load config provider class or one of its dependencies'));
      continue;
    }
    const prefix = `config.providers.${name}.param.`;
    const provider = create();
    try {
      provider.configure(settingsBelow(props, prefix));
      providers.set(name, provider);
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      onProblem(error instanceof SettingError ? prefix + error.key : classKey, error);
    }
  }
  return providers;
}

/** The settings below a prefix, without it. */
export function settingsBelow(props: Props, prefix: string): Record<string, string> {
  const below = Object.entries(props).filter(([key]) => key.startsWith(prefix) && key.length > prefix.length);
  return Object.fromEntries(below.map(([key, value]) => [key.slice(prefix.length), value]));
}
