/** Builds the keys of the JDBC connectors from tables, which read better than pages of objects. */
import type { ConfigKey, Importance } from '../../../api/config-def';
import type { ConfigType } from '../../../api/config-types';

/** One key. */
export type KeyRow = readonly [
  name: string,
  type: ConfigType,
  defaultValue: unknown,
  importance: Importance,
  doc: string,
  extra?: Partial<ConfigKey>,
];

/** The keys of one group, in the order in which they are shown. */
export function keysOfGroup(group: string, rows: readonly KeyRow[]): ConfigKey[] {
  return rows.map(([name, type, defaultValue, importance, doc, extra], i) => ({
    name,
    type,
    defaultValue,
    importance,
    doc,
    group,
    orderInGroup: i + 1,
    ...extra,
  }));
}
