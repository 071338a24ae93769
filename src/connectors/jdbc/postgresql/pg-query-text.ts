/** Queries for the Java driver, in which `?` is a parameter and `??` is the operator `?`. */

/** The query with `??` replaced by `?` outside quotes and comments. */
export function withPlainMarks(sql: string): string {
  let result = '';
  for (let at = 0; at < sql.length; ) {
    const end = endOfQuoted(sql, at);
    if (end > at) result += sql.slice(at, end);
    else result += sql[at];
    at = Math.max(end, at + (sql.startsWith('??', at) ? 2 : 1));
  }
  return result;
}

/** The index after the quoted text or comment that begins here; the same index if none does. */
function endOfQuoted(sql: string, at: number): number {
  const isWithinWord = /[\w$\u0080-\uffff]/.test(sql[at - 1] ?? '');
  switch (sql[at]) {
    case "'":
      return endOfText(sql, at, /^e$/i.test(sql[at - 1] ?? '') && !/\w/.test(sql[at - 2] ?? ''));
    case '"':
      return behind(sql, '"', at + 1);
    case '-':
      return sql[at + 1] === '-' ? behind(sql, '\n', at) : at;
    case '/':
      return sql[at + 1] === '*' ? endOfComment(sql, at) : at;
    case '$': {
      const tag = isWithinWord ? undefined : /^\$(?:[A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(sql.slice(at, at + 70))?.[0];
      return tag === undefined ? at : behind(sql, tag, at + tag.length);
    }
    default:
      return at;
  }
}

function behind(sql: string, what: string, from: number): number {
  const found = sql.indexOf(what, from);
  return found < 0 ? sql.length : found + what.length;
}

/** A doubled quote may be read as the end of one text and the beginning of another. */
function endOfText(sql: string, start: number, hasEscapes: boolean): number {
  for (let at = start + 1; at < sql.length; at++) {
    if (hasEscapes && sql[at] === '\\') at++;
    else if (sql[at] === "'") return at + 1;
  }
  return sql.length;
}

/** PostgreSQL's comments nest. */
function endOfComment(sql: string, start: number): number {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    const pair = sql.slice(at, at + 2);
    if (pair === '/*') depth++;
    else if (pair === '*/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return sql.length;
}
