/** The plugins of a task, which it shows by their classes and versions (KIP-891). */

/** A plugin that was made. */
export interface UsedPlugin {
  readonly className: string;
  readonly version: string;
}

/** A transformation or predicate, by its alias. */
export interface UsedStage extends UsedPlugin {
  readonly alias: string;
}

export interface TaskPlugins {
  readonly key: UsedPlugin;
  readonly value: UsedPlugin;
  readonly header: UsedPlugin;
  readonly transforms: readonly UsedStage[];
  readonly predicates: readonly UsedStage[];
}
