/** Regular expressions of settings, which users write for java.util.regex. */

import { ConnectError, toError } from '../errors';

/** Escapes that mean the same in Java and JavaScript; JavaScript takes others, such as `\p{Alpha}` or `\A`, for plain letters. */
const SHARED_ESCAPES = 'bBdDfnrsStvwWxuck';

/** A pattern that must match the whole text. @throws PatternSyntaxException with Java's text where it is known */
export function compileFullMatch(pattern: string): RegExp {
  const [head = '', flags = ''] = /^\(\?([ims]+)\)/.exec(pattern) ?? [];
  const body = pattern.slice(head.length).replace(/\\Q([\s\S]*?)(?:\\E|$)/g, (_quote, literal: string) => escapeLiteral(literal));
  refuseForeignEscapes(pattern, body);
  try {
    return new RegExp(`^(?:${body})$`, flags);
  } catch (error) {
    throw new ConnectError('PatternSyntaxException', describe(pattern, toError(error).message), error);
  }
}

function refuseForeignEscapes(pattern: string, body: string): void {
  for (const [sequence] of body.matchAll(/\\[\s\S]/g)) {
    const letter = sequence.charAt(1);
    if (!/[a-zA-Z]/.test(letter) || SHARED_ESCAPES.includes(letter)) continue;
    throw new ConnectError('PatternSyntaxException', `The escape sequence ${sequence} of Java is not supported here\n${pattern}`);
  }
}

const escapeLiteral = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** Java names the place; of JavaScript's messages only these tell it. */
function describe(pattern: string, problem: string): string {
  if (problem.endsWith('Unterminated group')) return `Unclosed group near index ${pattern.length}\n${pattern}`;
  const dangling = /^[*+?]/.test(pattern) && problem.endsWith('Nothing to repeat');
  if (dangling) return `Dangling meta character '${pattern.charAt(0)}' near index 0\n${pattern}\n^`;
  return `${problem.replace(/^Invalid regular expression: .*: /s, '')}\n${pattern}`;
}
