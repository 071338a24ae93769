/** Replaces `${provider:path:key}` and `${provider:key}` in settings (org.apache.kafka.common.config.ConfigTransformer). */

import type { ConfigProvider } from './config-provider';

/** One pass, not recursive; groups: provider, path (may be absent), key. */
const VARIABLE = /\$\{([^}]*?):(?:([^}]*?):)?([^}]*?)\}/g;

/** Settings after replacement, and how long values of a path hold, in ms. */
export interface TransformResult<V extends string | null> {
  readonly data: Record<string, V>;
  readonly ttlsMs: ReadonlyMap<string, number>;
}

/** Values by provider and path. */
type Lookups = Map<string, Map<string, Readonly<Record<string, string>>>>;

/** Resolves variables by the providers it was given; a variable with an unknown provider or key stays as it is. */
export class ConfigTransformer {
  readonly #providers: ReadonlyMap<string, ConfigProvider>;

  constructor(providers: ReadonlyMap<string, ConfigProvider>) {
    this.#providers = providers;
  }

  /** Resolves all values; each provider is asked once for each path. @throws ConfigException of a provider */
  transform<V extends string | null>(props: Readonly<Record<string, V>>): TransformResult<V> {
    const lookups: Lookups = new Map();
    const ttlsMs = new Map<string, number>();
    for (const [name, keysByPath] of wantedKeys(props)) {
      const provider = this.#providers.get(name);
      if (!provider) continue;
      const byPath = new Map<string, Readonly<Record<string, string>>>();
      for (const [path, keys] of keysByPath) {
        const { data, ttlMs } = provider.get(path, keys);
        byPath.set(path, data);
        if (ttlMs !== undefined && ttlMs >= 0) ttlsMs.set(path, ttlMs);
      }
      lookups.set(name, byPath);
    }
    const data = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, replaceVariables(value, lookups)]));
    return { data: data as Record<string, V>, ttlsMs };
  }

  /** Closes all providers. */
  close(): void {
    for (const provider of this.#providers.values()) provider.close();
  }
}

function wantedKeys(props: Readonly<Record<string, string | null>>): Map<string, Map<string, Set<string>>> {
  const wanted = new Map<string, Map<string, Set<string>>>();
  for (const value of Object.values(props)) {
    for (const [, provider = '', path = '', key = ''] of (value ?? '').matchAll(VARIABLE)) {
      const byPath = wanted.get(provider) ?? new Map<string, Set<string>>();
      wanted.set(provider, byPath.set(path, (byPath.get(path) ?? new Set()).add(key)));
    }
  }
  return wanted;
}

function replaceVariables(value: string | null, lookups: Lookups): string | null {
  if (value === null) return null;
  return value.replace(VARIABLE, (variable: string, provider: string, path: string | undefined, key: string) => {
    const values = lookups.get(provider)?.get(path ?? '');
    return values && Object.hasOwn(values, key) ? (values[key] ?? variable) : variable;
  });
}

/**
 * Puts the variables of the connector's settings back into settings that were made from resolved ones (AbstractHerder.reverseTransform),
 * so that no secret is stored.
 */
export function reverseTransform(
  rawConfig: Readonly<Record<string, string>>,
  configs: readonly Readonly<Record<string, string>>[],
): Record<string, string>[] {
  const raw = Object.entries(rawConfig).filter(([, value]) => value.search(VARIABLE) >= 0);
  return configs.map(config => ({ ...config, ...Object.fromEntries(raw.filter(([key]) => Object.hasOwn(config, key))) }));
}
