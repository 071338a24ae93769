/** The transformations of a task, in the order of `transforms` (org.apache.kafka.connect.runtime.TransformationChain). */
import { invalidValue } from '../api/config-types';
import type { Plugin } from '../api/plugin';
import type { Predicate, Transformation } from '../api/transformation';
import type { StagePluginSettings, StageSettings } from '../config/tasks/stage-settings';
import type { ConnectRecord } from '../data/record/record';
import { ConnectError, javaClassName, toError } from '../errors';
import type { Logger } from '../log';
import type { UsedStage } from '../metrics/task-plugins';
import { ColumnChain, type ShapeStep } from './column-chain';
import type { RecordStep } from './record-steps';

type StagePluginType = 'transformation' | 'predicate';

/** Where the plugins of stages come from; the plugin table fulfils it. */
export interface StagePlugins {
  find<T extends StagePluginType>(type: T, name: string): Extract<Plugin, { type: T }> | undefined;
}

/** A transformation and the predicate that decides for which records (org.apache.kafka.connect.runtime.TransformationStage). */
interface TransformationStage extends UsedStage {
  readonly transformation: Transformation;
  /** Null applies it to every record. */
  readonly predicate: UsedPredicate | null;
  /** True applies it where the predicate says no. */
  readonly negate: boolean;
}

interface UsedPredicate extends UsedStage {
  readonly predicate: Predicate;
}

/** What the chain of a task is made of. */
export interface ChainOptions {
  readonly stages: readonly StageSettings[];
  readonly plugins: StagePlugins;
  readonly logger: Logger;
}

/** A record on its way; null before there is one. */
export interface Carrier<R extends ConnectRecord> {
  record: R | null;
}

/** @typeParam R what the task works with: source or sink records */
export class TransformationChain<R extends ConnectRecord> {
  private readonly stages: readonly TransformationStage[];

  /** Creates and configures transformations and predicates, each predicate once for each use. @throws ConnectException */
  constructor(private readonly options: ChainOptions) {
    this.stages = options.stages.map(stage => makeStage(stage, options.plugins));
    options.logger.info(`Initializing: TransformationChain{${this.stages.map(stage => stage.className).join(', ')}}`);
  }

  /** Its transformations, and the predicates that they ask, each once. */
  used(): { readonly transforms: UsedStage[]; readonly predicates: UsedStage[] } {
    const asked = this.stages.flatMap(({ predicate }) => (predicate ? [predicate] : []));
    const bare = ({ alias, className, version }: UsedStage): UsedStage => ({ alias, className, version });
    const predicates = new Map(asked.map(predicate => [predicate.alias, bare(predicate)]));
    return { transforms: this.stages.map(bare), predicates: [...predicates.values()] };
  }

  /** True if there is nothing to do for any record: then none needs to be made. */
  get isEmpty(): boolean {
    return this.stages.length === 0;
  }

  /** The stages as steps, each of which changes the record of its draft. */
  steps(): RecordStep<Carrier<R>>[] {
    return this.stages.map(stage => ({ stage: 'TRANSFORMATION', className: stage.className, run: carrier => applyStage(stage, carrier) }));
  }

  /** The stages on whole batches; null where there is none, or one of them knows records only. */
  columns(): ColumnChain | null {
    const steps = this.stages.map(shapeStep);
    return steps.length > 0 && steps.every(step => step !== null) ? new ColumnChain(steps) : null;
  }

  /** Closes all stages at the end of the task; errors are logged only. */
  close(): void {
    for (const { transformation, predicate } of this.stages) {
      this.closeQuietly(transformation);
      if (predicate) this.closeQuietly(predicate.predicate);
    }
  }

  private closeQuietly(part: Transformation | Predicate): void {
    try {
      part.close();
    } catch (error) {
      this.options.logger.warn('Failed to close a transformation or predicate', error);
    }
  }
}

/** @returns false if the record was dropped */
function applyStage<R extends ConnectRecord>(
  { transformation, className, predicate, negate }: TransformationStage,
  carrier: Carrier<R>,
): boolean {
  const { record } = carrier;
  if (record === null) return false;
  if (predicate === null || negate !== predicate.predicate.test(record))
    carrier.record = requireRecord(transformation.apply<R>(record), className);
  return carrier.record !== null;
}

/** @returns null for a stage that knows records only */
function shapeStep({ transformation, predicate, negate }: TransformationStage): ShapeStep | null {
  if (transformation.changeShape === undefined || (predicate !== null && predicate.predicate.testShape === undefined)) return null;
  return shape => {
    const applies = predicate?.predicate.testShape?.(shape);
    if (applies === null) return null;
    return predicate === null || applies !== negate ? (transformation.changeShape?.(shape) ?? null) : shape;
  };
}

/** What a stranger's transformation has returned. @throws ConnectException for nothing or a promise, which plain JavaScript lets pass */
function requireRecord<R>(changed: R | null, className: string): R | null {
  if (changed !== undefined && !(changed instanceof Promise)) return changed;
  const what = changed === undefined ? 'nothing' : 'a promise';
  throw new ConnectError('ConnectException', `${className} has returned ${what}: apply() must return a record, or null to drop it`);
}

/** Java wraps whatever goes wrong here (ConnectorConfig.transformationStages). */
function makeStage(
  { transformation: { className, typeKey, props }, predicate, negate }: StageSettings,
  plugins: StagePlugins,
): TransformationStage {
  try {
    const plugin = findPlugin(plugins, 'transformation', typeKey, className);
    const transformation = plugin.create();
    transformation.configure(props);
    return { ...usedStage(plugin, typeKey), transformation, predicate: predicate && makePredicate(predicate, plugins), negate };
  } catch (thrown) {
    const error = toError(thrown);
    throw new ConnectError('ConnectException', `${javaClassName(error)}: ${error.message}`, error);
  }
}

function makePredicate({ className, typeKey, props }: StagePluginSettings, plugins: StagePlugins): UsedPredicate {
  const plugin = findPlugin(plugins, 'predicate', typeKey, className);
  const predicate = plugin.create();
  predicate.configure(props);
  return { ...usedStage(plugin, typeKey), predicate };
}

/** @param typeKey `transforms.<alias>.type`, or that of a predicate */
function usedStage({ className, version }: Pick<Plugin, 'className' | 'version'>, typeKey: string): UsedStage {
  return { alias: typeKey.slice(typeKey.indexOf('.') + 1, -'.type'.length), className, version };
}

/** @throws ConfigException if there is no such class */
function findPlugin<T extends StagePluginType>(
  plugins: StagePlugins,
  type: T,
  key: string,
  name: string | null,
): Extract<Plugin, { type: T }> {
  const plugin = name === null ? undefined : plugins.find(type, name);
  if (plugin) return plugin;
  throw invalidValue(key, name, `Class ${name} could not be found.`);
}
