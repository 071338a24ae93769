/**
 * The contracts of transformations (SMTs) and predicates. Each task has instances of its own, on its thread, so they may keep state
 * without locks, such as a cache of schemas. All methods are synchronous; a promise is not a result.
 */

import type { ChangedShape, RecordShape } from '../data/batch/record-shape';
import type { ConnectRecord } from '../data/record/record';
import type { ConfigDef } from './config-def';
import type { Props } from './connector';

/** Changes records one at a time (org.apache.kafka.connect.transforms.Transformation). */
export interface Transformation {
  /** The settings it knows; called also on instances that are never configured. */
  config(): ConfigDef;
  /** Called once, before the first record, with the settings below the alias. An error makes the task FAILED. @throws ConfigException */
  configure(props: Props): void;
  /**
   * The changed record, the same one, or null to drop it. A record is never written to, and neither are its values: a change is a new
   * object, `changeRecord(record, { value })`, since others may hold the old one. What is thrown counts against the record
   * (`errors.tolerance`); after a RetriableException the same record comes again, as long as `errors.retry.timeout` allows.
   * @throws DataException for a record that it cannot work on
   */
  apply<R extends ConnectRecord>(record: R): R | null;
  /**
   * What `apply` does to all records of a shape, so that none of them need be made; null for a shape of which that cannot be said. Absent, or where
   * it throws: records are made and go through `apply`, with the same result. Called again for each topic and schema.
   */
  changeShape?(shape: RecordShape): ChangedShape;
  /** Called once at the end of the task, to let go of what `configure` has taken. Errors are logged only. */
  close(): void;
}

/** Says whether a transformation applies to a record (org.apache.kafka.connect.transforms.predicates.Predicate). */
export interface Predicate {
  /** The settings it knows; called also on instances that are never configured. */
  config(): ConfigDef;
  /** Called once, before the first record, with the settings below the alias. An error makes the task FAILED. @throws ConfigException */
  configure(props: Props): void;
  /** Whether the transformation applies to this record, which is only looked at. What is thrown counts against the record. */
  test(record: ConnectRecord): boolean;
  /** The outcome of `test` for all records of a shape; null where it differs among them, or cannot be said. Absent: records are made. */
  testShape?(shape: RecordShape): boolean | null;
  /** Called once at the end of the task. Errors are logged only. */
  close(): void;
}
