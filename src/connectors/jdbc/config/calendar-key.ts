/** The setting for the calendar of old days, which source and sink of Confluent's connector share. */
import type { ParsedConfig } from '../../../api/config-def';
import type { Flavour } from '../database/values/flavour';
import type { KeyRow } from './key-groups';
import { oneOf } from './validators';

const NAME = 'date.calendar.system';

export const CALENDAR_KEY: KeyRow = [
  NAME,
  'STRING',
  'PROLEPTIC_GREGORIAN',
  'LOW',
  'Calendar of days before 1582-10-15: PROLEPTIC_GREGORIAN, as SQL has it, or LEGACY, which is Julian, as Java has it if nothing is set.',
  { validator: oneOf('LEGACY', 'PROLEPTIC_GREGORIAN') },
];

/** Whether days before 1582-10-15 are those of the Julian calendar. */
export function isJulian(config: ParsedConfig, flavour: Flavour): boolean {
  return flavour === 'confluent' && config.getString(NAME).toUpperCase() === 'LEGACY';
}
