/** MERGE with one row of parameters, for databases without another way to upsert: Oracle and SQL Server. */
import type { WritePlan } from './connection';
import { namesOf, whereClause } from './statements';
import type { IdentifierRules } from './table-id';

/** What differs between the two. */
export interface MergeSyntax {
  /** What comes between the table and USING: the alias, and hints. */
  readonly target: string;
  /** What comes after the SELECT of the parameters: Oracle needs a table there. */
  readonly from: string;
  /** The end of the statement: SQL Server needs a semicolon. */
  readonly end: string;
  /** The parameter of a value, from 1. */
  readonly parameter: (place: number) => string;
}

/** The statement of a plan for one row: INSERT, MERGE, UPDATE or DELETE. */
export function rowSqlWithMerge(identifiers: IdentifierRules, plan: WritePlan, syntax: MergeSyntax): string {
  const { table, keys, others, all } = namesOf({ identifiers }, plan);
  const columns = [...plan.keys, ...plan.others];
  const parameter = (i: number): string => {
    const valueType = columns[i]?.valueType;
    return valueType === undefined ? syntax.parameter(i + 1) : `CAST(${syntax.parameter(i + 1)} AS ${valueType})`;
  };
  const found = keys.map((name, i) => `${name} = ${parameter(i)}`).join(' AND ');
  switch (plan.mode) {
    case 'insert':
      return `INSERT INTO ${table} (${all.join(',')}) VALUES (${all.map((_, i) => parameter(i)).join(',')})`;
    case 'update':
      return `UPDATE ${table} SET ${others.map((name, i) => `${name} = ${parameter(keys.length + i)}`).join(', ')}${whereClause(found)}`;
    case 'delete':
      return `DELETE FROM ${table} WHERE ${found}`;
    case 'upsert': {
      const incoming = all.map((name, i) => `${parameter(i)} AS ${name}`).join(', ');
      const on = keys.map(name => `target.${name} = incoming.${name}`).join(' AND ');
      const sets = others.map(name => `target.${name} = incoming.${name}`).join(', ');
      const update = sets === '' ? '' : ` WHEN MATCHED THEN UPDATE SET ${sets}`;
      const values = all.map(name => `incoming.${name}`).join(', ');
      return (
        `MERGE INTO ${table} ${syntax.target} USING (SELECT ${incoming}${syntax.from}) incoming ON (${on})${update} ` +
        `WHEN NOT MATCHED THEN INSERT (${all.join(', ')}) VALUES (${values})${syntax.end}`
      );
    }
  }
}
