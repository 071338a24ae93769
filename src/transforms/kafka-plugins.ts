/** The common form of Kafka's own transformations: an object that is created from parsed settings and changes records. */
import type { ConfigDef, ParsedConfig } from '../api/config-def';
import type { Props } from '../api/connector';
import type { TransformationPlugin } from '../api/plugin';
import type { Transformation } from '../api/transformation';
import type { ChangedShape, RecordShape } from '../data/batch/record-shape';
import { nestingError } from '../data/nesting';
import type { ConnectRecord } from '../data/record/record';
import { ConnectError } from '../errors';
import { KAFKA_VERSION } from '../version';
import { KEY, type RecordPart, VALUE } from './record-part';

const PACKAGE = 'org.apache.kafka.connect.transforms';

/** A configured transformation; the constructor takes its settings. */
export interface RecordChange {
  /** See `Transformation.apply`. */
  apply<R extends ConnectRecord>(record: R): R | null;
  /** See `Transformation.changeShape`. */
  changeShape?(shape: RecordShape): ChangedShape;
}

/** A transformation that has nothing to close. */
class KafkaTransformation implements Transformation {
  private change: RecordChange | null = null;

  /** @param make creates it; may throw a ConfigException for what the definition cannot check */
  constructor(
    private readonly definition: ConfigDef,
    private readonly make: (config: ParsedConfig) => RecordChange,
  ) {}

  config(): ConfigDef {
    return this.definition;
  }

  configure(props: Props): void {
    this.change = this.make(this.definition.parse(props));
  }

  apply<R extends ConnectRecord>(record: R): R | null {
    if (!this.change) throw new ConnectError('IllegalStateException', 'The transformation is not configured');
    try {
      return this.change.apply(record);
    } catch (error) {
      throw nestingError(error);
    }
  }

  changeShape(shape: RecordShape): ChangedShape {
    return this.change?.changeShape?.(shape) ?? null;
  }

  close(): void {}
}

/** The descriptors of a transformation that comes as `Name$Key` and `Name$Value`. */
export function keyAndValuePlugins(
  name: string,
  definition: ConfigDef,
  Change: new (config: ParsedConfig, part: RecordPart) => RecordChange,
): readonly TransformationPlugin[] {
  return [KEY, VALUE].map(part => ({
    className: `${PACKAGE}.${name}$${part.name}`,
    version: KAFKA_VERSION,
    type: 'transformation',
    create: () => new KafkaTransformation(definition, config => new Change(config, part)),
  }));
}

/** The descriptor of a transformation that works on the whole record. */
export function wholeRecordPlugin(
  name: string,
  definition: ConfigDef,
  Change: new (config: ParsedConfig) => RecordChange,
): TransformationPlugin {
  return {
    className: `${PACKAGE}.${name}`,
    version: KAFKA_VERSION,
    type: 'transformation',
    create: () => new KafkaTransformation(definition, config => new Change(config)),
  };
}
