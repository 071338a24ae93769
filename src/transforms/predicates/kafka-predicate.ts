/** The common form of Kafka's own predicates: a function of records that is created from parsed settings. */
import type { ConfigDef, ParsedConfig } from '../../api/config-def';
import type { Props } from '../../api/connector';
import type { PredicatePlugin } from '../../api/plugin';
import type { Predicate } from '../../api/transformation';
import type { RecordShape } from '../../data/batch/record-shape';
import type { ConnectRecord } from '../../data/record/record';
import { ConnectError } from '../../errors';
import { KAFKA_VERSION } from '../../version';

/** What a predicate is once it has its settings. */
export interface RecordTest {
  /** See `Predicate.test`. */
  readonly test: (record: ConnectRecord) => boolean;
  /** See `Predicate.testShape`. */
  readonly testShape: (shape: RecordShape) => boolean | null;
}

const UNCONFIGURED = (): never => {
  throw new ConnectError('IllegalStateException', 'The predicate is not configured');
};

class KafkaPredicate implements Predicate {
  private question: RecordTest = { test: UNCONFIGURED, testShape: UNCONFIGURED };

  constructor(
    private readonly definition: ConfigDef,
    private readonly make: (config: ParsedConfig) => RecordTest,
  ) {}

  config(): ConfigDef {
    return this.definition;
  }

  configure(props: Props): void {
    this.question = this.make(this.definition.parse(props));
  }

  test(record: ConnectRecord): boolean {
    return this.question.test(record);
  }

  testShape(shape: RecordShape): boolean | null {
    return this.question.testShape(shape);
  }

  close(): void {}
}

/** The descriptor of a predicate of Kafka. @param make creates its test from the settings; called once for each use */
export function kafkaPredicate(name: string, definition: ConfigDef, make: (config: ParsedConfig) => RecordTest): PredicatePlugin {
  return {
    className: `org.apache.kafka.connect.transforms.predicates.${name}`,
    version: KAFKA_VERSION,
    type: 'predicate',
    create: () => new KafkaPredicate(definition, make),
  };
}
