/** Settings of the REST server (org.apache.kafka.connect.runtime.rest.RestServerConfig) and the form of their values. */

import type { ConfigKey } from '../../api/config-def';
import { anyNonDuplicateValues, type Validator, validString } from '../../api/config-validators';
import { SettingError } from '../../errors';

/** Only emptiness is checked here; the form of a URL is checked when the server is built, as in Java. */
const listenersValidator: Validator = (key, value) => {
  const example = 'ex: http://localhost:8080,https://localhost:8443';
  if (!Array.isArray(value)) throw new SettingError(key, `Invalid value type for listeners (expected list of URLs , ${example}).`);
  if (value.length === 0) throw new SettingError(key, `Invalid value for listeners, at least one URL is expected, ${example}.`);
  if (value.some(item => String(item).trim() === '')) throw new SettingError(key, 'Empty URL found when parsing listeners list.');
};

const HEADER_ACTIONS = ['set', 'add', 'setDate', 'addDate'] as const;

const HEADERS_KEY = 'response.http.headers.config';

/** One rule of `response.http.headers.config`. */
export interface HeaderRule {
  readonly action: (typeof HEADER_ACTIONS)[number];
  readonly name: string;
  /** Text of the header; for the `...Date` actions the epoch milliseconds. */
  readonly value: string;
}

/** The rules of `response.http.headers.config`. @throws ConfigException with Java's text for a malformed rule */
export function parseHeaderRules(setting: string): HeaderRule[] {
  return setting.trim() === '' ? [] : splitRules(setting).map(parseHeaderRule);
}

/** Splits at commas as Jetty's csvSplit does: a rule in double quotes may hold commas, and quotes after a `\`. */
function splitRules(setting: string): string[] {
  const rules = setting.matchAll(/\s*"((?:\\[\s\S]|[^"\\])*)"?[^,]*(?:,|$)|([^,]*)(?:,|$)/g);
  const texts = [...rules]
    .filter(([all]) => all !== '')
    .map(([, quoted, plain = '']) => quoted?.replace(/\\([\s\S])/g, '$1') ?? plain.trim());
  return texts;
}

function parseHeaderRule(rule: string): HeaderRule {
  const [word = '', header] = splitOnce(rule.trim());
  if (header === undefined) {
    throw new SettingError(HEADERS_KEY, `Invalid format of header config '${rule}'. Expected: '[action] [header name]:[header value]'`);
  }
  const action = HEADER_ACTIONS.find(known => known.toLowerCase() === word.toLowerCase());
  if (!action)
    throw new SettingError(HEADERS_KEY, `Invalid header config action: '${word}'. Expected one of [${HEADER_ACTIONS.join(', ')}]`);
  const [name, value, ...more] = header.trim().replace(/:+$/, '').split(':');
  if (name === undefined || value === undefined || more.length > 0) {
    throw new SettingError(
      HEADERS_KEY,
      `Invalid format of header name and header value pair '${header}'. Expected: '[header name]:[header value]'`,
    );
  }
  if (name.trim() === '' || /\s/.test(name.trim())) {
    throw new SettingError(HEADERS_KEY, `Invalid header name '${name.trim()}'. The '[header name]' cannot contain whitespace`);
  }
  return { action, name: name.trim(), value: value.trim() };
}

function splitOnce(text: string): [string, string?] {
  const gap = /\s+/.exec(text);
  return gap ? [text.slice(0, gap.index), text.slice(gap.index + gap[0].length)] : [text];
}

const headerRulesValidator: Validator = (_key, value) => {
  parseHeaderRules(String(value));
};

/** Keys of the REST server, in Java's order. */
export const REST_KEYS: readonly ConfigKey[] = [
  {
    name: 'listeners',
    type: 'LIST',
    defaultValue: ['http://:8083'],
    validator: listenersValidator,
    importance: 'LOW',
    doc: 'URIs the REST API listens on, separated by commas; http or https. An empty host is all interfaces.',
  },
  {
    name: 'rest.advertised.host.name',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Host name in the worker id and advertised URL; by default that of the first listener.',
  },
  {
    name: 'rest.advertised.port',
    type: 'INT',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Port in the worker id and advertised URL; by default that of the first listener.',
  },
  {
    name: 'rest.advertised.listener',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Protocol (http or https) of the listener that is advertised.',
  },
  {
    name: 'access.control.allow.origin',
    type: 'STRING',
    defaultValue: '',
    importance: 'LOW',
    doc: 'Value of the Access-Control-Allow-Origin header; empty: no cross origin access.',
  },
  {
    name: 'access.control.allow.methods',
    type: 'STRING',
    defaultValue: '',
    importance: 'LOW',
    doc: 'Methods for cross origin requests; empty: GET, POST and HEAD.',
  },
  {
    name: HEADERS_KEY,
    type: 'STRING',
    defaultValue: '',
    validator: headerRulesValidator,
    importance: 'LOW',
    doc: 'Rules for headers of REST responses, each `[action] [header name]:[header value]`, separated by commas; actions set, add, setDate, addDate.',
  },
  {
    name: 'ssl.client.auth',
    type: 'STRING',
    defaultValue: 'none',
    validator: validString('required', 'requested', 'none'),
    importance: 'LOW',
    doc: 'Whether clients of an https listener must show a certificate: required, requested or none.',
  },
  {
    name: 'rest.extension.classes',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc: 'Names of REST extensions, called in this order.',
  },
  {
    name: 'admin.listeners',
    type: 'LIST',
    defaultValue: null,
    validator: anyNonDuplicateValues(true, true),
    importance: 'LOW',
    doc: 'URIs the admin endpoints listen on; absent: the usual listeners, empty: no admin endpoints.',
  },
];

const OPEN_PATHS = ['/', '/health'];

const openPathsValidator: Validator = (key, value) => {
  const unknown = (value as readonly string[]).find(path => !OPEN_PATHS.includes(path));
  if (unknown !== undefined)
    throw new SettingError(key, `Invalid value ${unknown} for configuration ${key}: String must be one of: ${OPEN_PATHS.join(', ')}`);
};

/** Keys that Java does not have, about who may use the REST API. */
export const REST_AUTH_KEYS: readonly ConfigKey[] = [
  {
    name: 'rest.auth.basic.file',
    type: 'STRING',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Properties file of users for HTTP basic authentication, `name=password`; the password in clear or as scrypt hash. Not in Java.',
  },
  {
    name: 'rest.auth.bearer.token',
    type: 'PASSWORD',
    defaultValue: null,
    importance: 'LOW',
    doc: 'Token that requests may show instead, as `Authorization: Bearer <token>`. Not in Java.',
  },
  {
    name: 'rest.allowed.hosts',
    type: 'LIST',
    defaultValue: [],
    validator: anyNonDuplicateValues(true, false),
    importance: 'LOW',
    doc:
      'Further host names by which this worker is called where no authentication is set, besides addresses, `localhost`, the name of the ' +
      'machine, `rest.advertised.host.name` and those of the listeners; `*` for any. Others are answered 421. Not in Java.',
  },
  {
    name: 'rest.auth.open.paths',
    type: 'LIST',
    defaultValue: ['/health'],
    validator: openPathsValidator,
    importance: 'LOW',
    doc: 'Paths that need no authentication: `/`, `/health`, both or none. Not in Java.',
  },
];
