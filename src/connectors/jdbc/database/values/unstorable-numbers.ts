/** Numbers that no column of MySQL or SQL Server holds. */
export const NOT_FINITE: readonly number[] = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
