/** The scale of a Decimal for the type of a new column. */
import { decimalScale } from '../../../../data/schema/logical';
import { ConnectError } from '../../../../errors';
import type { NewColumn } from '../dialect';

/** The range of a database's decimal scale. */
export interface ScaleBounds {
  /** For messages: `MariaDB`. */
  readonly product: string;
  /** 0 if it has no negative scales. */
  readonly min: number;
  readonly max: number;
}

/** How much of a record's text a message shows. */
const SHOWN_CHARACTERS = 40;

/**
 * The scale as a number, never the record's own text, which would become part of the SQL.
 * @throws DataException where the schema says no whole number; ConnectException for a scale that no column has
 */
export function columnScale({ name, schema }: NewColumn, { product, min, max }: ScaleBounds): number {
  const scale = checkedScale(name, () => decimalScale(schema), schema.parameters?.get('scale'));
  if (scale >= min && scale <= max) return scale;
  throw new ConnectError(
    'ConnectException',
    `Field ${name} is a Decimal of scale ${scale}, but a column of ${product} has a scale of ${min} to ${max}: ` +
      'create the column yourself, with a type that takes the values',
  );
}

function checkedScale(name: string, read: () => number, given: string | undefined): number {
  try {
    return read();
  } catch (error) {
    const shown = given === undefined ? 'has no parameter scale' : `has the scale ${JSON.stringify(given.slice(0, SHOWN_CHARACTERS))}`;
    throw new ConnectError('DataException', `The Decimal schema of field ${name} ${shown}; it needs a whole number`, error);
  }
}
