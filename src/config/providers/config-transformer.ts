/** Replaces `${provider:path:key}` and `${provider:key}` in settings (org.apache.kafka.common.config.ConfigTransformer). */

import type { ConfigProvider } from '../../api/config-provider';
import { type Hidden, rememberSecret } from '../../secrets';
import { MAX_BYTES_READ, tooMuchAsked } from './read-limit';

/** A variable in a text, from `start` to `end`. */
interface Variable {
  readonly start: number;
  readonly end: number;
  readonly provider: string;
  /** Empty if it has none. */
  readonly path: string;
  readonly key: string;
}

/**
 * The variables of a text, from left to right; not recursive. The same as Java's `\$\{([^}]*?):(([^}]*?):)?([^}]*?)\}`, but without its
 * backtracking over a text of colons: provider up to the first colon, path up to the second, the rest is the key.
 */
export function* variablesOf(text: string): Generator<Variable> {
  for (let start = text.indexOf('${'); start >= 0; ) {
    const closing = text.indexOf('}', start + 2);
    if (closing < 0) return;
    const inner = text.slice(start + 2, closing);
    const [first, second] = [inner.indexOf(':'), inner.indexOf(':', inner.indexOf(':') + 1)];
    if (first >= 0) {
      const path = second < 0 ? '' : inner.slice(first + 1, second);
      yield { start, end: closing + 1, provider: inner.slice(0, first), path, key: inner.slice(Math.max(first, second) + 1) };
    }
    // A `${` inside a variable without a colon has no colon either.
    start = text.indexOf('${', closing + 1);
  }
}

/** Settings after replacement, and the time to live of the values by path, in ms. */
export interface TransformResult<V extends string | null> {
  readonly data: Record<string, V>;
  readonly ttlsMs: ReadonlyMap<string, number>;
  /** The supplied values, each with its variable. */
  readonly supplied: readonly Hidden[];
}

/** Values by provider and path. */
type Lookups = Map<string, Map<string, Readonly<Record<string, string>>>>;

/** Limits of one set of settings, so that a connector's variables can neither keep this thread busy nor fill the memory. */
const MAX_VARIABLES = 500;
const MAX_SUPPLIED_LENGTH = 4 * 1024 * 1024;

/** Resolves variables with its providers; a variable with an unknown provider or key stays as it is. */
export class ConfigTransformer {
  readonly #providers: ReadonlyMap<string, ConfigProvider>;

  constructor(providers: ReadonlyMap<string, ConfigProvider>) {
    this.#providers = providers;
  }

  /**
   * Resolves all values and marks them as secrets, so that no log and no response shows them; each provider is called once per path.
   * @throws ConfigException of a provider, or if a limit is exceeded
   */
  transform<V extends string | null>(props: Readonly<Record<string, V>>): TransformResult<V> {
    const lookups: Lookups = new Map();
    const ttlsMs = new Map<string, number>();
    let bytesRead = 0;
    for (const [name, keysByPath] of wantedKeys(props, this.#providers)) {
      const provider = this.#providers.get(name);
      if (!provider) continue;
      const byPath = new Map<string, Readonly<Record<string, string>>>();
      for (const [path, keys] of keysByPath) {
        const { data, ttlMs, bytesRead: more = 0 } = provider.get(path, keys);
        byPath.set(path, data);
        bytesRead += more;
        if (bytesRead > MAX_BYTES_READ) throw tooMuchAsked(`files of more than ${MAX_BYTES_READ} bytes altogether`);
        if (ttlMs !== undefined && ttlMs >= 0) ttlsMs.set(path, ttlMs);
      }
      lookups.set(name, byPath);
    }
    const supplied = new Supplied();
    const data = Object.fromEntries(Object.entries(props).map(([key, value]) => [key, replaceVariables(value, lookups, supplied)]));
    for (const [value, variable] of supplied.all) rememberSecret(value, variable);
    return { data: data as Record<string, V>, ttlsMs, supplied: supplied.all };
  }

  /** Closes all providers. */
  close(): void {
    for (const provider of this.#providers.values()) provider.close();
  }
}

/** Collects the values that have replaced variables. */
class Supplied {
  readonly all: Hidden[] = [];
  private length = 0;

  /** @throws ConfigException when the limit is exceeded */
  add(value: string, variable: string): void {
    this.length += value.length;
    if (this.length > MAX_SUPPLIED_LENGTH) throw tooMuchAsked(`more than ${MAX_SUPPLIED_LENGTH} characters altogether`);
    this.all.push([value, variable]);
  }
}

/** @returns keys by path, by provider; known providers only */
function wantedKeys(
  props: Readonly<Record<string, string | null>>,
  providers: ReadonlyMap<string, ConfigProvider>,
): Map<string, Map<string, Set<string>>> {
  const wanted = new Map<string, Map<string, Set<string>>>();
  let variables = 0;
  for (const value of Object.values(props)) {
    for (const { provider, path, key } of variablesOf(value ?? '')) {
      if (!providers.has(provider)) continue;
      if (++variables > MAX_VARIABLES) throw tooMuchAsked(`more than ${MAX_VARIABLES} values`);
      const byPath = wanted.get(provider) ?? new Map<string, Set<string>>();
      wanted.set(provider, byPath.set(path, (byPath.get(path) ?? new Set()).add(key)));
    }
  }
  return wanted;
}

function replaceVariables(value: string | null, lookups: Lookups, supplied: Supplied): string | null {
  if (value === null) return null;
  const parts: string[] = [];
  let copied = 0;
  for (const { start, end, provider, path, key } of variablesOf(value)) {
    const values = lookups.get(provider)?.get(path);
    const resolved = values && Object.hasOwn(values, key) ? values[key] : undefined;
    if (resolved === undefined) continue;
    parts.push(value.slice(copied, start), resolved);
    supplied.add(resolved, value.slice(start, end));
    copied = end;
  }
  return parts.length === 0 ? value : parts.join('') + value.slice(copied);
}
