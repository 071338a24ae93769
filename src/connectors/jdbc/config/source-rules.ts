/** Rules across settings of JdbcSource. */

import { Password } from '../../../api/config-types';
import { toError } from '../../../errors';
import { JavaPattern } from '../../../java/regex/regex';
import { beginsAsQuery } from '../database/query-statement';
import type { CheckedValues } from './validation';

const OLD_KEYS = ['table.whitelist', 'table.blacklist', 'incrementing.column.name', 'timestamp.column.name'];
const NEW_KEYS = ['table.include.list', 'table.exclude.list', 'incrementing.column.mapping', 'timestamp.columns.mapping'];
const FILTER_KEYS = ['table.whitelist', 'table.blacklist', 'table.include.list', 'table.exclude.list'];

/** Adds an error for each rule that is broken. */
export function checkSourceRules(checked: CheckedValues): void {
  const given = (names: readonly string[]): string[] => names.filter(name => checked.isGiven(name));
  const [oldOne] = given(OLD_KEYS);
  const [newOne] = given(NEW_KEYS);
  if (oldOne !== undefined && newOne !== undefined) checked.fail(`${newOne} cannot be used together with ${oldOne}`, newOne);
  if (checked.isGiven('table.exclude.list') && !checked.isGiven('table.include.list')) {
    checked.fail('table.exclude.list needs table.include.list', 'table.exclude.list');
  }
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it stands so in the setting
  if (checked.text('topic.format').includes('${schema}') && checked.text('table.names.qualify') === 'false') {
    checked.fail('With table.names.qualify=false the schema of a table is not known', 'topic.format');
  }
  checkQuery(checked, given(FILTER_KEYS));
  checkColumns(checked);
  for (const key of ['table.include.list', 'table.exclude.list']) {
    for (const pattern of checked.list(key)) checkPattern(checked, key, pattern);
  }
}

/** The query of the settings, from either key; null in table mode. */
export function queryOf(checked: CheckedValues, masked: string): string | null {
  const query = checked.text('query').trim() || masked.trim();
  return query === '' ? null : query;
}

function checkQuery(checked: CheckedValues, filters: readonly string[]): void {
  const [plain, masked] = [checked.isGiven('query'), isMasked(checked)];
  if (plain && masked) checked.fail('Only one of query and query.masked may be set', 'query');
  if (!plain && !masked) return;
  if (filters.length > 0) checked.fail(`A query cannot be combined with ${filters.join(', ')}`, 'query');
  if (plain && !beginsAsQuery(checked.text('query'))) checked.fail('The query must begin with SELECT', 'query');
  checkSemicolon(checked);
  if (checked.isGiven('topic.format')) checked.fail('A query has one topic, topic.prefix: topic.format is for tables', 'topic.format');
  if (checked.text('key.mode').toLowerCase() === 'primary_key') {
    checked.fail('A query has no primary key: key.mode=primary_key is for tables', 'key.mode');
  }
  const mode = checked.text('mode');
  if (mode.endsWith('incrementing') && !checked.isGiven('incrementing.column.name')) {
    checked.fail('With a query, incrementing.column.name must name the column', 'incrementing.column.name');
  }
}

/** True if the query ends with a semicolon, unless that may be part of a comment, which only the database can tell. */
function endsInSemicolon(query: string): boolean {
  const lastLine = query.slice(query.lastIndexOf('\n') + 1);
  return query.endsWith(';') && !lastLine.includes('--') && !lastLine.includes('#');
}

/** Reported here too, in case the database, which refuses it as well, cannot be reached. */
function checkSemicolon(checked: CheckedValues): void {
  const mode = checked.text('mode').toLowerCase();
  const ends = ['query', 'query.masked'].filter(key => endsInSemicolon(textOf(checked, key).trimEnd()));
  if (mode === 'bulk' || mode === '') return;
  for (const key of ends)
    checked.fail(`In mode ${mode} the query is part of another statement: leave out the semicolon at its end, or use mode bulk`, key);
}

/** A password is always shown as `[hidden]`, so its value tells whether it is empty. */
function isMasked(checked: CheckedValues): boolean {
  return textOf(checked, 'query.masked') !== '';
}

function textOf(checked: CheckedValues, key: string): string {
  const value = checked.values.find(({ name }) => name === key)?.value;
  return value instanceof Password ? value.value : checked.text(key);
}

function checkColumns(checked: CheckedValues): void {
  const mode = checked.text('mode').toLowerCase();
  const [usesTimestamp, usesIncrementing] = [mode.startsWith('timestamp'), mode.endsWith('incrementing')];
  if (usesTimestamp && !checked.isGiven('timestamp.column.name') && !checked.isGiven('timestamp.columns.mapping')) {
    checked.fail(`Mode ${mode} needs a timestamp column`, 'timestamp.column.name');
  }
  if (!usesTimestamp && checked.isGiven('timestamp.columns.mapping')) {
    checked.fail(`Mode ${mode} has no use for timestamp columns`, 'timestamp.columns.mapping');
  }
  if (!usesIncrementing && checked.isGiven('incrementing.column.mapping')) {
    checked.fail(`Mode ${mode} has no use for an incrementing column`, 'incrementing.column.mapping');
  }
  for (const item of checked.list('incrementing.column.mapping'))
    checkMapping(checked, 'incrementing.column.mapping', item, /^(.+):([^:[\]|]+)$/);
  for (const item of checked.list('timestamp.columns.mapping'))
    checkMapping(checked, 'timestamp.columns.mapping', item, /^(.+):\[([^[\]]+)\]$/);
}

function checkMapping(checked: CheckedValues, key: string, item: string, form: RegExp): void {
  const [, pattern] = form.exec(item) ?? [];
  if (pattern === undefined) checked.fail(`${item} does not have the form of ${key}`, key);
  else checkPattern(checked, key, pattern);
}

function checkPattern(checked: CheckedValues, key: string, pattern: string): void {
  try {
    new JavaPattern(pattern);
  } catch (error) {
    checked.fail(`${pattern} is not a regular expression: ${toError(error).message}`, key);
  }
}
