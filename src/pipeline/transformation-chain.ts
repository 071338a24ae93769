/** The transformations of a task, in the order of `transforms` (org.apache.kafka.connect.runtime.TransformationChain). */
import { parseType, withoutPrefix } from '../api/config-def';
import type { Props } from '../api/connector';
import type { Plugin } from '../api/plugin';
import type { Predicate, Transformation } from '../api/transformation';
import type { ConnectRecord } from '../data/record';
import { ConnectError, javaClassName, toError } from '../errors';
import type { Logger } from '../log';
import type { ErrorHandler } from './error-handler';

type StagePluginType = 'transformation' | 'predicate';

/** Where the plugins of stages come from; the plugin table fulfils it. */
export interface StagePlugins {
  find<T extends StagePluginType>(type: T, name: string): Extract<Plugin, { type: T }> | undefined;
}

/** A transformation and the predicate that decides for which records (org.apache.kafka.connect.runtime.TransformationStage). */
interface TransformationStage {
  readonly transformation: Transformation;
  /** Java class name of the transformation, for errors and logs. */
  readonly className: string;
  /** Null applies it to every record. */
  readonly predicate: Predicate | null;
  /** True applies it where the predicate says no. */
  readonly negate: boolean;
}

/** What the chain of a task is made of. */
export interface ChainParts<R extends ConnectRecord> {
  /** Settings of the connector, variables resolved. */
  readonly props: Props;
  readonly plugins: StagePlugins;
  readonly errors: ErrorHandler;
  /** Says which record has failed, for the log. */
  readonly describe: (record: R) => string;
  readonly logger: Logger;
}

/** @typeParam R what the task works with: source or sink records */
export class TransformationChain<R extends ConnectRecord> {
  private readonly stages: readonly TransformationStage[];

  /** Creates and configures transformations and predicates, each predicate once for each use. @throws ConnectException */
  constructor(private readonly parts: ChainParts<R>) {
    const aliases = (parseType('transforms', parts.props.transforms, 'LIST') ?? []) as readonly string[];
    this.stages = aliases.map(alias => makeStage(alias, parts));
    parts.logger.info(`Initializing: TransformationChain{${this.stages.map(stage => stage.className).join(', ')}}`);
  }

  /** True if there is nothing to do for any record: then none needs to be made. */
  get isEmpty(): boolean {
    return this.stages.length === 0;
  }

  /**
   * The record as the last stage leaves it; null if a stage has dropped it, or has failed and that is tolerated.
   * @throws ConnectException when a stage fails and errors are not tolerated
   */
  apply(record: R): R | null {
    let current: R | null = record;
    for (const stage of this.stages) {
      try {
        if (stage.predicate === null || stage.negate !== stage.predicate.test(current)) current = stage.transformation.apply<R>(current);
      } catch (error) {
        const describe = (): string => this.parts.describe(record);
        this.parts.errors.skipOrThrow({ stage: 'TRANSFORMATION', className: stage.className, error, describe });
        return null;
      }
      if (current === null) return null;
    }
    return current;
  }

  /** Closes all stages at the end of the task; errors are logged only. */
  close(): void {
    for (const { transformation, predicate } of this.stages) {
      this.closeQuietly(transformation);
      if (predicate) this.closeQuietly(predicate);
    }
  }

  private closeQuietly(part: Transformation | Predicate): void {
    try {
      part.close();
    } catch (error) {
      this.parts.logger.warn('Failed to close a transformation or predicate', error);
    }
  }
}

/** Java wraps whatever goes wrong here (ConnectorConfig.transformationStages). */
function makeStage(alias: string, { props, plugins }: Pick<ChainParts<ConnectRecord>, 'props' | 'plugins'>): TransformationStage {
  try {
    const { predicate, negate, ...own } = withoutPrefix(props, `transforms.${alias}.`);
    const plugin = findPlugin(plugins, 'transformation', `transforms.${alias}.type`, own.type);
    const transformation = plugin.create();
    transformation.configure(own);
    return {
      transformation,
      className: plugin.className,
      predicate: predicate === undefined ? null : makePredicate(predicate, props, plugins),
      negate: negate?.trim().toLowerCase() === 'true',
    };
  } catch (thrown) {
    const error = toError(thrown);
    throw new ConnectError('ConnectException', `${javaClassName(error)}: ${error.message}`, error);
  }
}

function makePredicate(alias: string, props: Props, plugins: StagePlugins): Predicate {
  const own = withoutPrefix(props, `predicates.${alias}.`);
  const predicate = findPlugin(plugins, 'predicate', `predicates.${alias}.type`, own.type).create();
  predicate.configure(own);
  return predicate;
}

/** @throws ConfigException if there is no such class */
function findPlugin<T extends StagePluginType>(
  plugins: StagePlugins,
  type: T,
  key: string,
  name: string | undefined,
): Extract<Plugin, { type: T }> {
  const plugin = name === undefined ? undefined : plugins.find(type, name.trim());
  if (plugin) return plugin;
  throw new ConnectError(
    'ConfigException',
    `Invalid value ${name ?? null} for configuration ${key}: Class ${name ?? null} could not be found.`,
  );
}
