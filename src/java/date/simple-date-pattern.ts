/** Patterns of java.text.SimpleDateFormat: letters stand for fields; quoted text and other characters stand for themselves. */
import { ConnectError } from '../../errors';

const LETTERS = 'GyMdkHmsSEDFwWahKzZYuXL';
const QUOTE = "'";

/** A field with the number of its letters, or literal text. */
export type PatternPart = { readonly letter: string; readonly count: number } | { readonly text: string };

/** @throws IllegalArgumentException with Java's text */
export function parseDatePattern(pattern: string): readonly PatternPart[] {
  const parts: PatternPart[] = [];
  let quoted = false;
  for (let i = 0; i < pattern.length; ) {
    const char = pattern.charAt(i);
    if (char === QUOTE) {
      const isDouble = pattern.charAt(i + 1) === QUOTE;
      if (isDouble) parts.push({ text: QUOTE });
      else quoted = !quoted;
      i += isDouble ? 2 : 1;
    } else if (quoted || !/[a-zA-Z]/.test(char)) {
      parts.push({ text: char });
      i++;
    } else {
      let count = 1;
      while (pattern.charAt(i + count) === char) count++;
      parts.push(fieldPart(char, count));
      i += count;
    }
  }
  if (quoted) throw new ConnectError('IllegalArgumentException', 'Unterminated quote');
  return parts;
}

function fieldPart(letter: string, count: number): PatternPart {
  if (!LETTERS.includes(letter)) throw new ConnectError('IllegalArgumentException', `Illegal pattern character '${letter}'`);
  if (letter === 'X' && count > 3) throw new ConnectError('IllegalArgumentException', `invalid ISO 8601 format: length=${count}`);
  return { letter, count };
}
