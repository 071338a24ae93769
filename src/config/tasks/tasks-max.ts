/** `tasks.max` and `tasks.max.enforce` of a connector, parsed. */
import type { Props } from '../../api/connector';
import { COMMON_KEYS } from '../keys/common-keys';
import { defOf } from '../keys/connector-def';

const DEF = defOf(COMMON_KEYS.filter(({ name }) => name === 'tasks.max' || name === 'tasks.max.enforce'));

/** How many tasks a connector may have. */
export interface TasksMax {
  readonly count: number;
  /** False makes more tasks a warning. */
  readonly isEnforced: boolean;
}

/** Reads the settings. @param props of a connector, variables resolved @throws ConfigException with Java's text */
export function tasksMax(props: Props): TasksMax {
  const parsed = DEF.parse(props);
  return { count: parsed.getInt('tasks.max'), isEnforced: parsed.getBoolean('tasks.max.enforce') };
}
