/** The `transforms` and `predicates` of a connector as its tasks run them; validation reads them in transform-keys.ts. */

import { parseType, withoutPrefix } from '../../api/config-def';
import type { Props } from '../../api/connector';

/** A transformation or predicate: its class and its own settings, not yet parsed. */
export interface StagePluginSettings {
  /** Key that names the class, e.g. `transforms.a.type`. */
  readonly typeKey: string;
  /** Class name or alias; null if there is none. */
  readonly className: string | null;
  readonly props: Props;
}

/** One stage of a transformation chain. */
export interface StageSettings {
  readonly transformation: StagePluginSettings;
  /** Null applies it to every record. */
  readonly predicate: StagePluginSettings | null;
  /** True inverts the predicate. */
  readonly negate: boolean;
}

/** The stages in the order of `transforms`. @param props of the connector, variables resolved @throws ConfigException */
export function stageSettings(props: Props): StageSettings[] {
  const aliases = (parseType('transforms', props.transforms, 'LIST') ?? []) as readonly string[];
  return aliases.map(alias => {
    const prefix = `transforms.${alias}.`;
    const { predicate, negate, ...own } = withoutPrefix(props, prefix);
    const predicateAlias = parseType(`${prefix}predicate`, predicate, 'STRING') as string | null;
    const predicatePrefix = `predicates.${predicateAlias}.`;
    return {
      transformation: pluginSettings(prefix, own),
      predicate: predicateAlias === null ? null : pluginSettings(predicatePrefix, withoutPrefix(props, predicatePrefix)),
      negate: parseType(`${prefix}negate`, negate, 'BOOLEAN') === true,
    };
  });
}

function pluginSettings(prefix: string, props: Props): StagePluginSettings {
  const typeKey = `${prefix}type`;
  return { typeKey, className: parseType(typeKey, props.type, 'CLASS') as string | null, props };
}
