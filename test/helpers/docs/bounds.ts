/**
 * Every place where a text of somebody else (a setting over REST, a record, its schema, a request, a file) reaches something that could
 * take it for more than a text, with what bounds it. `src/BOUNDS.md` shows the rows; `test/bounds.test.ts` feeds each of them.
 */
import { ConfigDef } from '../../../src/api/config-def';
import { MAX_MARK_BYTES, OFFSET_MARK } from '../../../src/api/source';
import { AllowedFiles } from '../../../src/config/allowed-files';
import { checkClientValue } from '../../../src/config/clients/client-values';
import { parseJaasConfig } from '../../../src/config/clients/jaas';
import { checkTokenSource } from '../../../src/config/clients/token-sources';
import { parseJson } from '../../../src/config/files/exact-json';
import { parseProperties } from '../../../src/config/files/properties';
import { AllowedPaths } from '../../../src/config/providers/allowed-paths';
import { ConfigTransformer } from '../../../src/config/providers/config-transformer';
import { DirectoryConfigProvider } from '../../../src/config/providers/directory-config-provider';
import { FileConfigProvider } from '../../../src/config/providers/file-config-provider';
import { boundedAliases } from '../../../src/config/validation/alias-bounds';
import { connectorName } from '../../../src/config/validation/connector-name';
import { dialectFor } from '../../../src/connectors/jdbc/dialects';
import { mySqlLiteral } from '../../../src/connectors/jdbc/mysql/mysql-literal';
import { pgLiteral } from '../../../src/connectors/jdbc/postgresql/pg-literal';
import { readJdbcUrl } from '../../../src/connectors/jdbc/url/jdbc-url';
import { BigDecimal } from '../../../src/data/java/big-numbers';
import { decimalScale } from '../../../src/data/schema/logical';
import { DECIMAL_NAME } from '../../../src/data/schema/logical-names';
import { SchemaBuilder } from '../../../src/data/schema/schema-builder';
import { topicNameProblem } from '../../../src/data/topic-name';
import { parseDatePattern } from '../../../src/java/date/simple-date-pattern';
import { JavaPattern } from '../../../src/java/regex/regex';
import { readHashMap } from '../../../src/java/serialization/java-hash-map';
import { layoutLine } from '../../../src/log';
import { MAX_SECRETS_FILE_BYTES } from '../../../src/named-files';
import { createPluginTable } from '../../../src/plugins/builtins';
import { createCallerCheck } from '../../../src/rest/auth/callers';
import { createOriginCheck } from '../../../src/rest/response-headers';
import { hideValues } from '../../../src/secrets';
import { OffsetCodec } from '../../../src/task/source/offset-codec';
import { variable } from '../vectors/fixtures';

/** What a text reaches. */
export type Reach = 'a command' | 'SQL' | 'a file name' | 'a pattern' | 'a log line' | 'a header or address' | 'memory and time';

/** One place. */
export interface Bound {
  readonly reach: Reach;
  /** Which texts of whom. */
  readonly text: string;
  /** What bounds it, and where. */
  readonly bound: string;
  /** Hands the place a text. @returns what came out, or undefined where nothing leaves; it may throw a ConnectError */
  feed(text: string): unknown;
  /** What must hold of what came out. */
  holds?(out: unknown, text: string): boolean;
  /** True where every text uses up the whole budget, about a second: then one in twelve is enough. */
  readonly takesItsTime?: boolean;
}

const codec = new OffsetCodec(createPluginTable(), 'c');
const quoted = (text: string): string => text.replace(/[\\"]/g, '\\$&');
const jaas = (option: string, text: string): string => `com.sun.security.auth.module.Krb5LoginModule required ${option}="${quoted(text)}";`;
const PLAIN_WORD = /^[A-Za-z0-9._@/:+=,-]*$/;

/** The option as kinit would get it; anything but a plain word must have been refused. */
const kerberos = (option: string): Pick<Bound, 'feed' | 'holds'> => ({
  feed: text => {
    const setting = jaas(option, text);
    checkClientValue('producer', 'sasl.jaas.config', setting);
    return parseJaasConfig(setting).options.get(option);
  },
  holds: out => PLAIN_WORD.test(String(out)) && !String(out).startsWith('-'),
});

/** True if a literal ends where it should: no quote within it stands alone, and no backslash means something. */
const isOneLiteral = (sql: unknown): boolean => /^(?:E'(?:''|\\\\|[^'\\])*'|'(?:''|[^'\\])*')$/.test(String(sql));
const isOneMySqlLiteral = (sql: unknown): boolean => /^'(?:''|\\[\s\S]|[^'\\])*'$/.test(String(sql));

const DIALECTS = (['postgresql', 'mysql', 'mariadb', 'sqlite', 'oracle', 'sqlserver'] as const).map(kind => dialectFor(kind, ''));

export const BOUNDS: readonly Bound[] = [
  {
    reach: 'a command',
    text: '`principal` in `sasl.jaas.config`, of a connector or the worker',
    bound:
      'a strict alphabet (`src/config/clients/client-values.ts`); kinit is started without a shell (`src/kafka/native/kerberos-login.ts`)',
    ...kerberos('principal'),
  },
  {
    reach: 'a command',
    text: '`keyTab` in `sasl.jaas.config`',
    bound: 'the same',
    ...kerberos('keyTab'),
  },
  {
    reach: 'a command',
    text: '`serviceName` in `sasl.jaas.config`, `sasl.kerberos.service.name`',
    bound: 'the same',
    ...kerberos('serviceName'),
  },
  {
    reach: 'SQL',
    text: 'names of tables and columns, from topics and fields of records, and from settings',
    bound: 'quoted by the rules of the database, refused where too long (`src/connectors/jdbc/database/table-id.ts`)',
    feed: text => DIALECTS.map(({ identifiers }) => [identifiers.open, identifiers.close, identifiers.quote(text)]),
    holds: out =>
      (out as [string, string, string][]).every(([open, close, sql]) => {
        const inner = sql.slice(open.length, sql.length - close.length);
        return sql.startsWith(open) && sql.endsWith(close) && !inner.replaceAll(close + close, '').includes(close);
      }),
  },
  {
    reach: 'SQL',
    text: 'defaults of a record schema, PostgreSQL',
    bound: 'a literal that means the same in any session (`src/connectors/jdbc/postgresql/pg-literal.ts`)',
    feed: pgLiteral,
    holds: isOneLiteral,
  },
  {
    reach: 'SQL',
    text: 'defaults of a record schema, MySQL and MariaDB',
    bound: 'a literal with its backslashes escaped, in a session that knows them (`src/connectors/jdbc/mysql/mysql-literal.ts`)',
    feed: mySqlLiteral,
    holds: isOneMySqlLiteral,
  },
  {
    reach: 'SQL',
    text: '`scale` of a Decimal in a record schema',
    bound:
      'a whole number within bounds (`src/data/schema/logical.ts`), then those of the database (`src/connectors/jdbc/database/values/column-scale.ts`)',
    feed: text => decimalScale(new SchemaBuilder('BYTES').name(DECIMAL_NAME).parameter('scale', text).build()),
    holds: out => Number.isInteger(out) && Math.abs(Number(out)) <= 100_000,
  },
  {
    reach: 'a file name',
    text: '`file` of FileStream connectors, dead letter files, databases of SQLite',
    bound: '`file.allowed.paths` of the worker, behind links too (`src/config/allowed-files.ts`)',
    feed: text => new AllowedFiles(['/proc/self/fdinfo']).check({ file: text }, props => [{ key: 'file', file: String(props.file) }]),
    holds: (_, text) => text.startsWith('/proc/self/fdinfo'),
  },
  {
    reach: 'a file name',
    text: 'paths that FileConfigProvider and DirectoryConfigProvider are asked for',
    bound: '`allowed.paths` of the provider (`src/config/providers/allowed-paths.ts`)',
    feed: text => new AllowedPaths('/usr').resolve(text),
    holds: out => out === null || /^\/usr(\/(?!\.\.(\/|$))[^/]*)*$/.test(String(out)),
  },
  {
    reach: 'a file name',
    text: 'files and URLs of `sasl.oauthbearer.*` that a connector names',
    bound: 'the lists of the worker (`src/config/clients/token-sources.ts`)',
    feed: text => checkTokenSource('sasl.oauthbearer.assertion.file', text, { urls: [], files: [] }),
    holds: (_, text) => text.trim() === '',
  },
  {
    reach: 'a file name',
    text: 'files that settings, URLs of databases and providers have this program read, and those that plugins and `kinit` are given',
    bound: 'regular files of at most 16 MiB, 1 MiB of secrets; no pipe is waited for but on the command line (`src/named-files.ts`)',
    feed: text => {
      new DirectoryConfigProvider().get('/dev', new Set([text]));
      return new FileConfigProvider().get(text === '' ? '/dev/zero' : text, new Set(['a'])).bytesRead;
    },
    holds: out => Number(out) <= MAX_SECRETS_FILE_BYTES,
  },
  {
    reach: 'a pattern',
    text: '`topics.regex`, `regex` and `pattern` of transformations and predicates, patterns of tables and columns',
    bound: "Java's engine with a budget of steps (`src/java/regex/regex.ts`)",
    feed: text => new JavaPattern(text).matches(`${text}${'a'.repeat(40)}!`),
  },
  {
    reach: 'a pattern',
    text: 'names and values that such a pattern meets',
    bound: 'the same budget',
    feed: text => new JavaPattern('(.*a){14}x|(a|aa)+$|([^b]*)*c').matches(text + 'a'.repeat(40)),
  },
  {
    reach: 'a pattern',
    text: 'lists of names that such a pattern meets: all topics, all tables, all variables',
    bound: '20,000,000 steps for a list and 10,000 for each of its names (`src/java/regex/regex.ts`)',
    takesItsTime: true,
    feed: text => new JavaPattern('(.*a){6}x').matching(Array.from({ length: 2000 }, (_, i) => text + 'a'.repeat(12) + i)).length,
  },
  {
    reach: 'a pattern',
    text: '`Origin` of a request',
    bound: 'at most 300 characters, patterns with a budget of steps (`src/rest/response-headers.ts`)',
    feed: text => createOriginCheck('http://*.a.*.example,http://***')(text),
  },
  {
    reach: 'a pattern',
    text: 'variables, lists, properties, date formats',
    bound:
      'read in one pass (`src/config/providers/config-transformer.ts`, `src/config/files/properties.ts`, `src/java/date/simple-date-pattern.ts`)',
    feed: text => {
      new ConfigTransformer(new Map()).transform({ key: text });
      new ConfigDef().parse({ [text]: text });
      parseProperties(text.replaceAll('\\u', ''));
      parseDatePattern(text);
    },
  },
  {
    reach: 'a log line',
    text: 'everything that is logged: settings, names, texts of databases and brokers',
    bound:
      'control characters and changes of direction are shown, long lines cut (`src/visible-text.ts`); values of providers hidden (`src/secrets.ts`)',
    feed: text => layoutLine({ atMs: 0, level: 'INFO', logger: text, context: text, message: text }),
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    holds: out => !/[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/.test(String(out)),
  },
  {
    reach: 'a log line',
    text: 'URLs of databases, which may hold passwords in odd places',
    bound: 'what is not a plain host, port or name is refused with a fixed text (`src/connectors/jdbc/url/url-parts.ts`)',
    feed: text => readJdbcUrl(`jdbc:mysql://u:Pl4nted${text}Secr3t@h(password=Pl4nted${text}Secr3t)/d`).display,
    holds: out => !/Pl4nted|Secr3t/.test(String(out)),
  },
  {
    reach: 'a header or address',
    text: 'names of connectors, which are in addresses, client ids, groups and transactional ids',
    bound: 'no control characters, no half of a character, nothing that an address cannot hold (`src/config/validation/connector-name.ts`)',
    feed: text => {
      connectorName('name', text);
      return text;
    },
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    holds: out => !/[\u0000-\u001f]/.test(String(out)) && encodeURIComponent(String(out)) !== '',
  },
  {
    reach: 'a header or address',
    text: 'topics, from settings, records and transformations',
    bound: "Kafka's rule for names (`src/data/topic-name.ts`), before librdkafka sees them",
    feed: topicNameProblem,
    holds: (out, text) => out !== undefined || /^[A-Za-z0-9._-]{1,249}$/.test(text),
  },
  {
    reach: 'a header or address',
    text: '`Host` and `Origin` of a request',
    bound: 'names of this worker only, and changes by its own pages only, where no password is asked for (`src/rest/auth/callers.ts`)',
    feed: text => createCallerCheck(['known'], () => false)({ method: 'POST', host: 'known', isKnown: false, origin: `http://${text}` }),
    holds: (_, text) => text.toLowerCase() === 'known',
  },
  {
    reach: 'memory and time',
    text: 'variables of providers in one set of settings',
    bound: 'at most 500, and 4 MiB of files and of values (`src/config/providers/config-transformer.ts`)',
    feed: text => {
      const provider = { configure() {}, get: () => ({ data: { key: text } }), close() {} };
      return new ConfigTransformer(new Map([['p', provider]])).transform({ a: variable('p:key').repeat(500) }).data.a?.length;
    },
    holds: (out, text) => Number(out) === 500 * text.length && Number(out) <= 4 * 1024 * 1024,
  },
  {
    reach: 'memory and time',
    text: 'values of providers, which are looked for in every line of the log',
    bound: 'at most 1,000 of together 16 MiB, by how they begin (`src/secrets.ts`)',
    feed: text => hideValues(text.repeat(3), [[text, '*']]),
    holds: (out, text) => text.trim() === '' || String(out).length < 3 * text.length || text.length === 1,
  },
  {
    reach: 'memory and time',
    text: '`transforms` and `predicates`',
    bound: 'at most 100 aliases of at most 200 characters (`src/config/validation/alias-bounds.ts`)',
    feed: text => boundedAliases('transforms', text.split(',')),
    holds: (_, text) => text.split(',').length <= 100 && text.split(',').every(alias => alias.length <= 200),
  },
  {
    reach: 'memory and time',
    text: 'numbers with exponents, in settings and records',
    bound: 'written out up to a million digits, otherwise refused (`src/data/java/big-numbers.ts`)',
    feed: text => new BigDecimal(5n, Number.parseInt(text, 10) || 0).toPlainString().length,
    holds: out => Number(out) <= 1_000_100,
  },
  {
    reach: 'memory and time',
    text: 'JSON of requests and connector files',
    bound:
      '2 MiB each and 64 MiB together (`src/rest/http/body-reader.ts`), 1000 levels, numbers of 1000 digits (`src/config/files/exact-json.ts`)',
    feed: text => parseJson(text),
  },
  {
    reach: 'memory and time',
    text: 'the offset file',
    bound: 'a million entries, 64 MiB of shared arrays (`src/java/serialization/java-hash-map.ts`)',
    feed: text => readHashMap(Buffer.from(text, 'latin1')),
  },
  {
    reach: 'memory and time',
    text: 'marks that tasks give their offsets',
    bound:
      '1 KiB each, otherwise refused (`src/task/source/offset-codec.ts`); four of each source partition (`src/offsets/offset-marks.ts`)',
    feed: text => codec.encode({ partition: {}, offset: { [OFFSET_MARK]: text } })[2],
    holds: out => Buffer.byteLength(String(out)) <= MAX_MARK_BYTES,
  },
];

/** The rows as src/BOUNDS.md has them: a thing that is reached is named once. */
export function boundRows(): (readonly string[])[] {
  return BOUNDS.map(({ reach, text, bound }, i) => [BOUNDS[i - 1]?.reach === reach ? '' : reach, text, bound]);
}
