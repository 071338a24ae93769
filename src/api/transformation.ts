/** The contracts of transformations (SMTs) and predicates. */

import type { ConnectRecord } from '../data/record';
import type { ConfigDef } from './config-def';
import type { Props } from './connector';

/** Changes records one at a time (org.apache.kafka.connect.transforms.Transformation). */
export interface Transformation {
  config(): ConfigDef;
  /** Called once. @throws ConfigException */
  configure(props: Props): void;
  /** The changed record (a new object), the same one, or null to drop it. Synchronous. */
  apply<R extends ConnectRecord>(record: R): R | null;
  close(): void;
}

/** Says whether a transformation applies to a record (org.apache.kafka.connect.transforms.predicates.Predicate). */
export interface Predicate {
  config(): ConfigDef;
  configure(props: Props): void;
  test(record: ConnectRecord): boolean;
  close(): void;
}
