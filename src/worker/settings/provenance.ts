/** Where each setting of a worker or connector comes from, for messages about it. */
import type { OriginOf, Setting } from '../../config/files/setting';
import { variablesOf } from '../../config/providers/config-transformer';

/**
 * The origins of these settings; all others have their defaults.
 * @param providers the config providers by name; variables of unknown providers stay as they are
 */
export function provenanceOf(settings: readonly Setting[], providers: ReadonlyMap<string, unknown>): OriginOf {
  const byKey = new Map(settings.map(setting => [setting.key, setting]));
  return key => {
    const setting = byKey.get(key);
    if (!setting) return { by: 'default' };
    const { text, origin: named } = setting;
    const supplied = [...variablesOf(text)].filter(({ provider }) => providers.has(provider));
    if (supplied.length === 0) return named;
    return { by: 'provider', variables: supplied.map(({ start, end }) => text.slice(start, end)), named };
  };
}
