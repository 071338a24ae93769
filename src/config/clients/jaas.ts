/** Reads `sasl.jaas.config`: `<login module class> <control flag> (<option>=<value>)* ;`. Errors never show any part of a value. */
import { type ConnectError, SettingError } from '../../errors';

/** One login module and its options. */
export interface JaasEntry {
  /** Class name of the login module. */
  readonly loginModule: string;
  readonly options: ReadonlyMap<string, string>;
}

const CONTROL_FLAGS = ['required', 'requisite', 'sufficient', 'optional'];
const KNOWN_OPTION = /^(?:username|password|clientId|clientSecret|scope|principal|keyTab|useKeyTab|storeKey|serviceName|tokenauth)$/;
const NO_VALUE = 'Value not specified for an option in JAAS config; a value with blanks or special characters must be quoted';
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', f: '\f', b: '\b' };
const BLANKS_AND_COMMENTS = /(?:\s|\/\/[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*/y;
const WORD = /[^\s=;"'/]+(?:\/(?![/*])[^\s=;"'/]*)*/y;

const failure = (why: string): ConnectError =>
  new SettingError('sasl.jaas.config', `Invalid value [hidden] for configuration sasl.jaas.config: ${why}`);

/**
 * Parses the setting, which must hold exactly one login module, as in Java.
 * @throws ConnectError (ConfigException) that says what is wrong without showing a value
 */
export function parseJaasConfig(text: string): JaasEntry {
  const tokens = tokenize(text);
  let at = 0;
  const next = (): Token | undefined => tokens[at++];
  const module = next();
  if (module?.kind !== 'word') throw failure('Login module not specified in JAAS config');
  const flag = next();
  if (flag?.kind !== 'word') throw failure('Control flag not specified in JAAS config');
  if (!CONTROL_FLAGS.includes(flag.text.toLowerCase())) throw failure('Invalid login module control flag in JAAS config');
  const options = new Map<string, string>();
  let token = next();
  for (; token !== undefined && token.text !== ';'; token = next()) {
    const name = token;
    const equals = next();
    const value = next();
    if (name.kind !== 'word') throw failure(`Option name expected after ${options.size} options`);
    if (equals?.kind !== 'sign' || equals.text !== '=' || value === undefined || value.kind === 'sign') {
      // This may be the rest of a password that should have been quoted, so only known names are shown.
      throw failure(KNOWN_OPTION.test(name.text) ? `Value not specified for key '${name.text}' in JAAS config` : NO_VALUE);
    }
    options.set(name.text, value.text);
  }
  if (token === undefined) throw failure('JAAS config entry not terminated by semi-colon');
  if (at !== tokens.length) throw failure('JAAS config property contains more than one login module, should be 1 module');
  return { loginModule: module.text, options };
}

interface Token {
  readonly kind: 'word' | 'quoted' | 'sign';
  readonly text: string;
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = skipBlanks(text, 0); at < text.length; at = skipBlanks(text, at)) {
    const char = text.charAt(at);
    if (char === '=' || char === ';') {
      tokens.push({ kind: 'sign', text: char });
      at++;
    } else if (char === '"' || char === "'") {
      const quoted = readQuoted(text, at);
      tokens.push({ kind: 'quoted', text: quoted.value });
      at = quoted.end;
    } else {
      WORD.lastIndex = at;
      const word = WORD.exec(text)?.[0];
      if (word === undefined) throw failure(`Unexpected character at position ${at}`);
      tokens.push({ kind: 'word', text: word });
      at += word.length;
    }
  }
  return tokens;
}

function skipBlanks(text: string, from: number): number {
  BLANKS_AND_COMMENTS.lastIndex = from;
  BLANKS_AND_COMMENTS.exec(text);
  return BLANKS_AND_COMMENTS.lastIndex;
}

/** Reads a quoted value as Java's StreamTokenizer does: backslash escapes, octal ones included; no line break inside. */
function readQuoted(text: string, start: number): { value: string; end: number } {
  const quote = text.charAt(start);
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === quote) return { value, end: at + 1 };
    if (char === '\n' || char === '\r') break;
    if (char !== '\\') {
      value += char;
      continue;
    }
    const octal = /^(?:[0-3][0-7]{0,2}|[4-7][0-7]?)/.exec(text.slice(at + 1, at + 4))?.[0];
    if (octal !== undefined) {
      value += String.fromCharCode(Number.parseInt(octal, 8));
      at += octal.length;
    } else {
      const escaped = text.charAt(++at);
      value += ESCAPES[escaped] ?? escaped;
    }
  }
  throw failure('a quoted value has no end');
}
