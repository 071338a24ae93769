/** Names in dates as Java has them for locale en_US. */

/** From January, full and short. */
export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
] as const;

/** From Sunday, full. */
export const WEEKDAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;

/** Eras as they are written, and the further names that are read. */
export const ERAS = ['BC', 'AD'] as const;
export const LONG_ERAS = ['Before Christ', 'Anno Domini'] as const;

export const AM_PM = ['AM', 'PM'] as const;

/** The short form of a month or day of the week. */
export const shortName = (name: string): string => name.slice(0, 3);
