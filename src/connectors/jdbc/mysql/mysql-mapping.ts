/** Types of MySQL and MariaDB that the generic mapping does not know, or that the two Java drivers map differently. */
import { SchemaBuilder } from '../../../data/schema/schema-builder';
import type { Column, SqlType } from '../database/values/column';
import {
  type ColumnMapping,
  finish,
  type IntegerSchema,
  integerReader,
  type MappingOptions,
  mapGenericColumn,
  readBoolean,
} from '../database/values/column-mapping';
import type { Properties } from '../url/jdbc-address';
import { type DriverTypes, isGeometry } from './mysql-columns';

/** Which driver's types to use: those of Connector/J or of the MariaDB driver. */
export type DriverLikeness = 'connector-j' | 'mariadb';

/** The types of a driver with the parameters of a URL. */
export function driverTypes(driver: DriverLikeness, properties: Properties): DriverTypes {
  const isOn = (name: string): boolean => properties.get(name) === undefined || properties.isSet(name);
  const isBoolean = driver === 'mariadb' || properties.isSet('transformedBitIsBoolean');
  return {
    oneDigit: !isOn('tinyInt1isBit') ? 'TINYINT' : isBoolean ? 'BOOLEAN' : 'BIT',
    year: isOn('yearIsDateType') ? 'DATE' : 'INTEGER',
  };
}

/** The mapping of the dialect. */
export function mySqlMapping(driver: DriverLikeness): (column: Column, options: MappingOptions) => ColumnMapping | null {
  return (column, options) => {
    const { typeName } = column;
    if (typeName.startsWith('year') && column.type === 'DATE')
      return mapGenericColumn(column, options, raw => `${String(raw).padStart(4, '0')}-01-01`);
    if (typeName.startsWith('bit')) return bitMapping(column, driver);
    if (isGeometry(column)) return finish(column, new SchemaBuilder('BYTES'), raw => Buffer.from(String(raw), 'hex'));
    const mapping = mapGenericColumn(driver === 'mariadb' ? asMariaDb(column) : column, options);
    return mapping && (column.type === 'DATE' || column.type === 'TIMESTAMP') && column.nullable ? withoutZeroDates(mapping) : mapping;
  };
}

/** The MariaDB driver reports small unsigned numbers as the next larger type, unsigned too. */
function asMariaDb(column: Column): Column {
  const larger: Partial<Record<SqlType, SqlType>> = { TINYINT: 'SMALLINT', SMALLINT: 'INTEGER' };
  return column.unsigned ? { ...column, type: larger[column.type] ?? column.type } : column;
}

/** Reads zero dates, which mean no date, as null. */
function withoutZeroDates({ schema, read }: ColumnMapping): ColumnMapping {
  return { schema, read: raw => (String(raw).startsWith('0000-00-00') ? null : read(raw)) };
}

/** Up to eight bits are an INT8 in two's complement, as in Java; more bits get a type that holds them, unlike Java's INT8. */
function bitMapping(column: Column, driver: DriverLikeness): ColumnMapping {
  const bits = column.precision ?? 1;
  if (bits === 1 && driver === 'mariadb') return finish(column, new SchemaBuilder('BOOLEAN'), readBoolean);
  const type: IntegerSchema = bits <= 8 ? 'INT8' : bits < 16 ? 'INT16' : bits < 32 ? 'INT32' : 'INT64';
  const { builder, read } = integerReader(type);
  const signedBits = bits <= 8 ? 8 : 64;
  return finish(column, builder, raw =>
    read(Buffer.isBuffer(raw) ? BigInt.asIntN(signedBits, BigInt(`0x${raw.toString('hex') || '0'}`)) : raw),
  );
}
