/** What a mode cannot see on a table: said at the start, since polling loses rows in silence otherwise. */
import type { Criteria } from './criteria';
import type { SourceSettings } from './source-settings';

/** Digits of a second that MySQL and others keep where none are asked for. */
const COARSE_DIGITS = 0;

/** One text for each kind of row that is left out; none in bulk mode, which reads everything. */
export function describeRisks({ timestamps, incrementing }: Criteria, { timestampDelayMs }: SourceSettings): string[] {
  if (timestamps.length === 0 && incrementing === null) return [];
  const risks = ['rows that were deleted'];
  if (timestamps.length === 0) {
    return [...risks, 'rows that were updated', 'rows that are committed after others with greater numbers'];
  }
  const names = timestamps.map(({ name }) => name).join(', ');
  if (timestamps.every(({ nullable }) => nullable)) risks.push(`rows where ${names} is NULL`);
  risks.push(
    timestampDelayMs > 0
      ? `rows that are committed more than ${timestampDelayMs} ms (timestamp.delay.interval.ms) after the time in ${names}`
      : `rows that are committed after others with a later ${names}: timestamp.delay.interval.ms waits for them`,
  );
  if (incrementing === null) risks.push(...tieRisks(timestamps));
  return risks;
}

function tieRisks(timestamps: Criteria['timestamps']): string[] {
  const coarse = timestamps.some(({ scale, type }) => type === 'DATE' || scale === COARSE_DIGITS);
  return [
    `rows that get a timestamp which others had when they were read${coarse ? ', which is likely as it has whole seconds only' : ''}`,
  ];
}
