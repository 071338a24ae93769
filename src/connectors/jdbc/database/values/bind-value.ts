/** A parameter of a statement. Decimals, dates and times are sent as text; Buffers as bytes. */
export type BindValue = null | string | number | bigint | boolean | Buffer;
