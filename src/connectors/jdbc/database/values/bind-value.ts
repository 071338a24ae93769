/** A value as it goes to a database. Decimals, dates and times go as text; Buffers as bytes. */
export type BindValue = null | string | number | bigint | boolean | Buffer;
