/** Warnings at the start about rows that a mode does not find, since polling would miss them silently. */
import type { Criteria } from './criteria';
import type { SourceSettings } from './source-settings';

/** A text for each kind of row that is missed; empty in bulk mode, which reads everything. */
export function describeRisks({ timestamps, incrementing, isText }: Criteria, settings: SourceSettings): string[] {
  const { timestampDelayMs, lookBack, waitsForTransactions } = settings;
  if (timestamps.length === 0 && incrementing === null) return [];
  const risks = ['rows that were deleted'];
  if (timestamps.length === 0 && isText) {
    return [
      ...risks,
      'rows that were updated',
      `rows whose ${incrementing?.name} is less than that of others that were read, as random ids often are`,
    ];
  }
  if (timestamps.length === 0) {
    const far = lookBack.incrementing > 0n ? ` by more than ${lookBack.incrementing}` : '';
    return [
      ...risks,
      'rows that were updated',
      `rows that are committed after others with greater numbers${far} (incrementing.look.back)`,
      `rows whose ${incrementing?.name} is ${settings.incrementingInitial} or less (incrementing.initial)`,
    ];
  }
  const names = timestamps.map(({ name }) => name).join(', ');
  if (timestamps.every(({ nullable }) => nullable)) risks.push(`rows where ${names} is NULL`);
  const waitMs = timestampDelayMs + lookBack.timestampMs;
  if (!waitsForTransactions) {
    risks.push(
      `rows that are committed more than ${waitMs} ms after the time in ${names} (timestamp.look.back.ms, timestamp.delay.interval.ms)`,
    );
  }
  if (incrementing === null && lookBack.timestampMs === 0) risks.push(...tieRisks(timestamps));
  return [...risks, beforeStart(names, incrementing !== null, settings)];
}

function tieRisks(timestamps: Criteria['timestamps']): string[] {
  const days = timestamps.some(({ type }) => type === 'DATE');
  return [`rows that get a timestamp which others had when they were read${days ? ', which is likely as it has whole days only' : ''}`];
}

/** Rows before the first start; Java too begins after 1970 and skips them. They are often imported data. */
function beforeStart(names: string, hasNumber: boolean, { timestampInitial: initial, mapping }: SourceSettings): string {
  const key = mapping.flavour === 'aiven' ? 'timestamp.initial.ms' : 'timestamp.initial';
  if (initial === 'now') return `rows whose ${names} is before the first start (${key})`;
  const at = `${new Date(initial.ms).toISOString()}`;
  return `rows whose ${names} is ${hasNumber ? 'before' : 'at or before'} ${at} (${key}, in milliseconds since 1970, which may be negative)`;
}
