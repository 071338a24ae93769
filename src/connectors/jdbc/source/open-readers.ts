/** Prepares reading on a new connection: checks the tables, and finds the positions to continue from. */
import type { OffsetStorageReader, SourceTaskContext } from '../../../api/source';
import { ConnectError } from '../../../errors';
import type { Logger } from '../../../log';
import type { Connection } from '../database/connection';
import { readDatabaseClock } from '../database/database-clock';
import type { Column } from '../database/values/column';
import type { Instant } from '../database/values/timestamp-mapping';
import { Criteria } from './criteria';
import { describeRisks } from './mode-risks';
import { labelOf, positionOfOffset, type ReadSubject, type SourcePosition, storedPartitions } from './source-offset';
import type { SourceSettings } from './source-settings';
import { columnsOf, TableReader } from './table-reader';

/**
 * The readers of a task's tables, or of its query. A table that was dropped since the connector listed it has none: the connector will
 * notice that too, and give its tasks other tables.
 * @throws DatabaseError; ConnectException if no table exists, or a column is missing or may be NULL despite `validate.non.null`
 */
export async function openReaders(
  settings: SourceSettings,
  connection: Connection,
  { offsetStorageReader, skipOrThrow }: SourceTaskContext,
  logger: Logger,
): Promise<TableReader[]> {
  const readers: TableReader[] = [];
  for (const subject of subjectsOf(settings)) {
    const columns = await columnsOf(subject, connection, settings.mode);
    if (columns.length === 0) {
      logger.error(`There is no longer a table ${labelOf(subject)}: nothing is read from it`);
      continue;
    }
    const criteria = check(subject, columns, settings, logger);
    const start = await startOf(subject, criteria, settings, connection, offsetStorageReader);
    readers.push(new TableReader(subject, settings, start, skipOrThrow, logger));
  }
  if (readers.length === 0) throw new ConnectError('ConnectException', `There is no table ${(settings.tables ?? []).join(', ')}`);
  return readers;
}

function subjectsOf({ query, tables, connection }: SourceSettings): ReadSubject[] {
  if (query !== null) return [{ query }];
  return (tables ?? []).map(name => ({ table: connection.dialect.parseTable(name) }));
}

function check(subject: ReadSubject, columns: readonly Column[], settings: SourceSettings, logger: Logger): Criteria {
  const { connection: by, mapping, validatesNonNull } = settings;
  const label = labelOf(subject);
  const criteria = new Criteria(label, columns, settings.columnNames(subject), { ...by, mapping });
  if (validatesNonNull && 'table' in subject) refuseNullable(label, criteria);
  if (settings.waitsForTransactions && by.dialect.oldestTransaction === undefined) {
    throw new ConnectError('ConfigException', `timestamp.wait.for.transactions=true is for PostgreSQL only, not for ${by.dialect.product}`);
  }
  const risks = describeRisks(criteria, settings);
  if (risks.length > 0) logger.warn(`mode=${settings.mode} on ${label} does not find: ${risks.join('; ')}.`);
  return criteria;
}

/** Of several timestamp columns, one that is never NULL is enough. */
function refuseNullable(label: string, { incrementing, timestamps }: Criteria): void {
  const refuse = (names: string): never => {
    throw new ConnectError(
      'ConnectException',
      `Cannot read ${label} by ${names}, which may be NULL: such rows would never be found. Declare NOT NULL, or set validate.non.null=false.`,
    );
  };
  if (incrementing?.nullable) refuse(incrementing.name);
  if (timestamps.length > 0 && timestamps.every(({ nullable }) => nullable)) refuse(timestamps.map(({ name }) => name).join(', '));
}

async function startOf(
  subject: ReadSubject,
  criteria: Criteria,
  settings: SourceSettings,
  connection: Connection,
  offsets: OffsetStorageReader,
): Promise<SourcePosition> {
  const stored = storedPartitions(subject).map(partition => offsets.offset(partition));
  const position = positionOfOffset(stored.find(offset => offset !== null) ?? null);
  const { mode, timestampInitial: initial, connection: by } = settings;
  const firstTime = async (): Promise<Instant> => (initial === 'now' ? await readDatabaseClock(by.dialect, connection, 0) : initial);
  return {
    timestamp: mode.startsWith('timestamp') ? (position.timestamp ?? (await firstTime())) : null,
    incrementing: mode.endsWith('incrementing') ? (keyOf(subject, position, criteria, by) ?? firstKey(criteria, settings)) : null,
  };
}

/** The first key to read after; null for texts, which have no smallest value. */
const firstKey = ({ isText }: Criteria, { incrementingInitial }: SourceSettings): bigint | null => (isText ? null : incrementingInitial);

/** @throws ConnectException for an offset of another kind than the column, with which it cannot be compared */
function keyOf(
  subject: ReadSubject,
  { incrementing: stored }: SourcePosition,
  { isText, incrementing: column }: Criteria,
  { dialect }: SourceSettings['connection'],
): SourcePosition['incrementing'] {
  // If types are not enforced, a text column may hold numbers.
  const bindsNobody = dialect.typesBindNobody === true;
  if (stored === null || (typeof stored === 'string') === isText || bindsNobody) return stored;
  throw new ConnectError(
    'ConnectException',
    `The stored offset of ${labelOf(subject)} is the ${typeof stored === 'string' ? 'text' : 'number'} ${stored}, but ${column?.name} is of type ${column?.typeName}. Remove the offset, or name another column.`,
  );
}
