/** JSON text compared by content: names in any order, numbers exact (JSON.parse would round int64). */

/** A text that is not JSON. */
export class JsonTextError extends Error {}

const TOKEN = /[ \t\r\n]*("(?:[^"\\]|\\.)*"|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null|[[\]{},:])[ \t\r\n]*/y;
/** Deeper texts are refused before they exhaust the stack; Jackson's own limit. */
const MAX_DEPTH = 1000;

/**
 * The same text for the same content: no spaces, names sorted, the last of equal names kept, one spelling for each text and
 * number. An integer stays an integer: for Java `1` and `1.0` differ.
 * @throws JsonTextError
 */
export function canonicalJson(text: string): string {
  const tokens = tokensOf(text);
  const result = readValue(tokens, 0, 'sorted');
  expectEnd(tokens);
  return result;
}

/**
 * The elements of a JSON array as canonical texts; names of an object among them stay in their order of appearance.
 * @returns null if the text is JSON but no array
 * @throws JsonTextError
 */
export function splitJsonArray(text: string): string[] | null {
  const tokens = tokensOf(text);
  const isArray = tokens.peek() === '[';
  const elements = isArray ? elementsOf(tokens, 0, 'plain') : [readValue(tokens, 0, 'plain')];
  expectEnd(tokens);
  return isArray ? elements : null;
}

interface Tokens {
  /** The token to come, or undefined at the end. */
  peek(): string | undefined;
  next(): string;
}

function tokensOf(text: string): Tokens {
  let at = 0;
  const read = (): string | undefined => {
    if (at === text.length) return undefined;
    TOKEN.lastIndex = at;
    const match = TOKEN.exec(text);
    if (match?.[1] === undefined) throw new JsonTextError(`no JSON at character ${at}`);
    at = TOKEN.lastIndex;
    return match[1];
  };
  let ahead = read();
  return {
    peek: () => ahead,
    next: () => {
      const token = ahead;
      if (token === undefined) throw new JsonTextError('JSON ends too early');
      ahead = read();
      return token;
    },
  };
}

function expectEnd(tokens: Tokens): void {
  if (tokens.peek() !== undefined) throw new JsonTextError('text after the JSON value');
}

/** `sorted`: for comparison; `plain`: as it stands, only without spaces. */
type Style = 'sorted' | 'plain';

function elementsOf(tokens: Tokens, depth: number, style: Style): string[] {
  const elements: string[] = [];
  tokens.next();
  if (tokens.peek() === ']') {
    tokens.next();
    return elements;
  }
  do {
    elements.push(readValue(tokens, depth + 1, style));
  } while (continues(tokens, ']'));
  return elements;
}

function membersOf(tokens: Tokens, depth: number, style: Style): Map<string, string> {
  const members = new Map<string, string>();
  tokens.next();
  if (tokens.peek() === '}') {
    tokens.next();
    return members;
  }
  do {
    const name = tokens.next();
    if (!name.startsWith('"') || tokens.next() !== ':') throw new JsonTextError('a name and a colon are missing');
    members.set(scalarOf(name, style), readValue(tokens, depth + 1, style));
  } while (continues(tokens, '}'));
  return members;
}

function continues(tokens: Tokens, end: string): boolean {
  const token = tokens.next();
  if (token !== ',' && token !== end) throw new JsonTextError(`a comma or ${end} is missing`);
  return token === ',';
}

function readValue(tokens: Tokens, depth: number, style: Style): string {
  if (depth > MAX_DEPTH) throw new JsonTextError('JSON is nested too deeply');
  const first = tokens.peek();
  if (first === '[') return `[${elementsOf(tokens, depth, style).join(',')}]`;
  if (first !== '{') return scalarOf(tokens.next(), style);
  const members = [...membersOf(tokens, depth, style)].map(([name, value]) => `${name}:${value}`);
  return `{${(style === 'sorted' ? members.sort() : members).join(',')}}`;
}

function scalarOf(token: string, style: Style): string {
  if (token.startsWith('"')) return JSON.stringify(parseString(token));
  if (/^[\]},:]/.test(token)) throw new JsonTextError(`${token} where a value should be`);
  const isDouble = /^[-0-9].*[.eE]/.test(token);
  return isDouble && style === 'sorted' ? `${Number(token)}e0` : token;
}

function parseString(token: string): unknown {
  try {
    return JSON.parse(token);
  } catch (error) {
    throw new JsonTextError('a text with a wrong escape or a control character', { cause: error });
  }
}
