/** Converts between wall clock times of a zone and instants (`db.timezone`). */
import { ConnectError } from '../../../../errors';

const MS_PER_DAY = 86_400_000;
/** Offsets change only at quarters of an hour, so one offset is cached for each. */
const STEP_MS = 900_000;
const MAX_REMEMBERED = 4096;
/** Shortly before JavaScript's dates end; beyond, zones have the same offset as there. */
const LIMIT_MS = 8.6e15;

/** A time zone by its name: UTC, an IANA name, or `GMT+02:00`. */
export class ZoneOffset {
  private readonly format: Intl.DateTimeFormat | null;
  private readonly remembered = new Map<number, number>();
  private readonly fixedMs: number;

  /** @throws ConfigException for a name that is not a zone */
  constructor(readonly name: string) {
    const [, sign, hours, minutes] = /^(?:GMT|UTC)?([+-])(\d{1,2}):?(\d\d)?$/.exec(name) ?? [];
    const isUtc = /^(?:UTC|GMT|Z|Etc\/UTC|UCT|Zulu|Universal|Etc\/GMT)$/i.test(name);
    this.fixedMs = hours === undefined ? 0 : (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes ?? 0)) * 60_000;
    this.format = isUtc || hours !== undefined ? null : formatOf(name);
  }

  /** The zone's offset from UTC at an instant, in milliseconds. */
  offsetMs(epochMs: number): number {
    if (this.format === null) return this.fixedMs;
    const slot = Math.floor(Math.min(Math.max(epochMs, -LIMIT_MS), LIMIT_MS) / STEP_MS);
    const known = this.remembered.get(slot);
    if (known !== undefined) return known;
    const offset = readOffset(this.format, slot * STEP_MS);
    if (this.remembered.size >= MAX_REMEMBERED) this.remembered.clear();
    this.remembered.set(slot, offset);
    return offset;
  }

  /**
   * The instant of a wall clock time, given in milliseconds as if it were UTC. As in java.util.GregorianCalendar: the later instant
   * (standard time) when the clock is set back, and the time after the gap when it is set forward.
   */
  instantOf(wallMs: number): number {
    if (this.format === null) return wallMs - this.fixedMs;
    const before = this.offsetMs(wallMs - MS_PER_DAY);
    const after = this.offsetMs(wallMs + MS_PER_DAY);
    if (before === after) return wallMs - before;
    const holds = (offset: number): boolean => this.offsetMs(wallMs - offset) === offset;
    return wallMs - (holds(after) ? after : before);
  }

  /** The wall clock time of an instant, in milliseconds as if it were UTC. */
  wallOf(epochMs: number): number {
    return epochMs + this.offsetMs(epochMs);
  }
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
  } catch {
    throw new ConnectError('ConfigException', `Invalid value ${name} for configuration db.timezone: Invalid time zone identifier`);
  }
}

function readOffset(format: Intl.DateTimeFormat, epochMs: number): number {
  const text = format.formatToParts(epochMs).find(part => part.type === 'timeZoneName')?.value ?? '';
  const [, sign, hours, minutes, seconds] = /^GMT([+-])(\d\d):(\d\d)(?::(\d\d))?/.exec(text) ?? [];
  if (hours === undefined) return 0;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0)) * 1000;
}

/** The zone without offsets. */
export const UTC = new ZoneOffset('UTC');
