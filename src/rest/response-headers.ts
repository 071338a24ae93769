/** Headers that settings add to every reply: CORS (`access.control.*`) and `response.http.headers.config`. */
import { type HeaderRule, parseHeaderRules } from '../config/keys/rest-keys';
import { ConnectError } from '../errors';
import { JavaPattern } from '../java/regex/regex';

/** The settings, as text. */
export interface ResponseHeaderSettings {
  /** `access.control.allow.origin`: patterns of origins separated by commas, `*` for all; empty: no CORS. */
  readonly allowOrigin: string;
  /** `access.control.allow.methods`; empty: GET, POST, HEAD. */
  readonly allowMethods: string;
  /** `response.http.headers.config`. */
  readonly headers: string;
}

/** What CORS looks at in a request. */
export interface CorsRequest {
  readonly method: string;
  readonly origin: string | undefined;
  /** `Access-Control-Request-Method`: makes an OPTIONS a preflight. */
  readonly requestMethod: string | undefined;
}

/** Headers for the reply to a request; several values of one header in a list. */
export type HeadersFor = (request: CorsRequest) => Record<string, string | string[]>;

const PREFLIGHT_SECONDS = '60';

/** Whether `access.control.allow.origin` lets in an origin. @throws ConfigException for a pattern that is none */
export function createOriginCheck(allowOrigin: string): (origin: string) => boolean {
  const patterns = listOf(allowOrigin).map(originPattern);
  return origin => patterns.some(pattern => allows(pattern, origin));
}

/** @throws ConfigException for a malformed header rule or origin */
export function createHeadersFor(settings: ResponseHeaderSettings): HeadersFor {
  const rules = parseHeaderRules(settings.headers);
  const origins = listOf(settings.allowOrigin).map(originPattern);
  const methods = listOf(settings.allowMethods).join(',') || 'GET,POST,HEAD';
  return request => ({ ...(origins.length === 0 ? {} : corsHeaders(request, origins, methods)), ...ruleHeaders(rules) });
}

function corsHeaders(
  { method, origin, requestMethod }: CorsRequest,
  origins: readonly JavaPattern[],
  methods: string,
): Record<string, string> {
  // Without it a cache would give the reply to one origin to another one.
  const vary = { vary: 'Origin' };
  if (origin === undefined || !origins.some(pattern => allows(pattern, origin))) return vary;
  const allowed = { ...vary, 'access-control-allow-origin': origin };
  if (method !== 'OPTIONS' || requestMethod === undefined) return allowed;
  return {
    ...allowed,
    'access-control-allow-methods': methods,
    'access-control-allow-headers': 'Content-Type',
    'access-control-max-age': PREFLIGHT_SECONDS,
  };
}

/** No origin is longer: scheme, a host of 253 characters, a port. Anybody may send one, before any password is asked for. */
const MAX_ORIGIN_LENGTH = 300;

function allows(pattern: JavaPattern, origin: string): boolean {
  if (origin.length > MAX_ORIGIN_LENGTH) return false;
  try {
    return pattern.matches(origin);
  } catch (error) {
    // no browser sends an origin on which a pattern runs out of steps
    if (error instanceof ConnectError) return false;
    throw error;
  }
}

/** `set` replaces what earlier rules gave a header, `add` adds; dates are milliseconds from now. */
function ruleHeaders(rules: readonly HeaderRule[]): Record<string, string | string[]> {
  const headers: Record<string, string[]> = {};
  for (const { action, name, value } of rules) {
    const key = name.toLowerCase();
    const text = action.endsWith('Date') ? new Date(Date.now() + Number(value)).toUTCString() : value;
    headers[key] = action.startsWith('set') ? [text] : [...(headers[key] ?? []), text];
  }
  return Object.fromEntries(Object.entries(headers).map(([key, texts]) => [key, texts.length === 1 ? (texts[0] ?? '') : texts]));
}

function listOf(setting: string): string[] {
  return setting
    .split(',')
    .map(item => item.trim())
    .filter(item => item !== '');
}

/**
 * Origins are patterns, as in Java: regular expressions for the whole origin, in any case of letters; `*` alone allows all. Unlike in Java
 * a dot stands for itself, unless a quantifier such as `*` follows: `http://a.example` does not allow `http://axexample`, and
 * `http://*.example` means what it meant before Kafka 4.
 * @throws ConfigException for a pattern that is not a regular expression
 */
function originPattern(origin: string): JavaPattern {
  if (origin === '*') return new JavaPattern('.*');
  try {
    return new JavaPattern(
      `(?iu)${origin.replace('://*', '://.*').replace(/(\\.)|\.(?![*+?{])/g, (_, escaped?: string) => escaped ?? '\\.')}`,
    );
  } catch (error) {
    throw new ConnectError(
      'ConfigException',
      `Invalid value ${origin} for configuration access.control.allow.origin: not a pattern`,
      error,
    );
  }
}
