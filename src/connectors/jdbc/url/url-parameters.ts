/**
 * The parameters of JDBC URLs that work here, by database: the table in README is generated from them, and a test compares them with what
 * the code reads. A warning names all others, which are ignored.
 */
import type { DatabaseKind, JdbcAddress } from './jdbc-address';

/** One parameter of a driver of Java. */
export interface UrlParameter {
  /** The drivers' names, not case-sensitive; several if drivers differ. */
  readonly names: readonly string[];
  readonly effect: string;
}

const LOGIN: readonly UrlParameter[] = [
  { names: ['user'], effect: 'user, where `connection.user` is not set' },
  { names: ['password'], effect: 'password, where `connection.password` is not set' },
];

const MYSQL: readonly UrlParameter[] = [
  ...LOGIN,
  { names: ['sslMode'], effect: 'whether TLS is used and what is checked, in the words of either driver' },
  { names: ['useSSL'], effect: 'TLS by older names' },
  { names: ['requireSSL'], effect: 'with `useSSL`: never without TLS' },
  { names: ['verifyServerCertificate'], effect: 'with `useSSL`: the authority is checked' },
  { names: ['trustServerCertificate'], effect: 'with `useSSL`: TLS without any check' },
  { names: ['serverSslCert', 'sslCa'], effect: 'PEM of the authority, or a file with it' },
  { names: ['clientSslCert', 'sslCert'], effect: 'PEM of the certificate that is shown, or a file with it' },
  { names: ['clientSslKey', 'sslKey'], effect: 'PEM of its key, or a file with it' },
  { names: ['trustCertificateKeyStoreUrl', 'trustStore'], effect: 'JKS or PKCS12 with the authority' },
  { names: ['trustCertificateKeyStorePassword', 'trustStorePassword'], effect: 'its password' },
  { names: ['clientCertificateKeyStoreUrl', 'keyStore'], effect: 'JKS or PKCS12 with the key that is shown' },
  { names: ['clientCertificateKeyStorePassword', 'keyStorePassword'], effect: 'its password' },
  { names: ['allowPublicKeyRetrieval'], effect: 'without TLS, whether a key that the server sends may encrypt the password' },
  { names: ['serverRSAPublicKeyFile'], effect: 'PEM file with the key of the server, for the same' },
  { names: ['sessionVariables'], effect: "variables of each session, before the worker's own (`time_zone` is UTC, tables are strict)" },
  { names: ['tinyInt1isBit'], effect: 'whether `tinyint(1)` is a bit' },
  { names: ['transformedBitIsBoolean'], effect: 'whether that bit is a boolean' },
  { names: ['yearIsDateType'], effect: 'whether `year` is a date' },
];

/** Parameters that work, by the database of the URL. */
export const URL_PARAMETERS: Readonly<Record<DatabaseKind, readonly UrlParameter[]>> = {
  postgresql: [
    ...LOGIN,
    { names: ['sslmode'], effect: 'whether TLS is used and what is checked' },
    { names: ['ssl'], effect: 'the same as `sslmode=verify-full`' },
    { names: ['sslrootcert'], effect: 'PEM or DER of the authority' },
    { names: ['sslcert'], effect: 'PEM or DER of the certificate that is shown' },
    { names: ['sslkey'], effect: 'its key: PKCS#8 in DER, PKCS12 or PEM' },
    { names: ['sslpassword'], effect: 'password of the key' },
    { names: ['ApplicationName'], effect: 'name in `pg_stat_activity`; `connect-standalone` if it is not set' },
    { names: ['currentSchema'], effect: 'schemas in which names without one are looked for' },
    { names: ['options'], effect: 'settings of the session, as `-c name=value`' },
    { names: ['targetServerType'], effect: 'any, primary, secondary, preferPrimary or preferSecondary: which of the hosts will do' },
    { names: ['loadBalanceHosts'], effect: 'whether hosts are tried in random order' },
    { names: ['prepareThreshold'], effect: '0: no statement has a name, for poolers' },
    { names: ['preferQueryMode'], effect: '`simple`: the same' },
  ],
  mysql: MYSQL,
  mariadb: MYSQL,
  sqlite: [
    { names: ['busy_timeout'], effect: 'how long to wait for the lock of another process, in ms' },
    { names: ['journal_mode'], effect: 'pragma of that name' },
    { names: ['synchronous'], effect: 'pragma of that name' },
    { names: ['foreign_keys'], effect: 'pragma of that name' },
    { names: ['cache_size'], effect: 'pragma of that name' },
    { names: ['temp_store'], effect: 'pragma of that name' },
    { names: ['locking_mode'], effect: 'pragma of that name' },
    { names: ['recursive_triggers'], effect: 'pragma of that name' },
  ],
  oracle: [...LOGIN, { names: ['oracle.net.wallet_location'], effect: 'folder of the wallet' }],
  sqlserver: [
    ...LOGIN,
    { names: ['userName'], effect: 'the same as `user`' },
    { names: ['serverName', 'server'], effect: 'host, where the URL names none' },
    { names: ['portNumber', 'port'], effect: 'its port' },
    { names: ['databaseName', 'database'], effect: 'name of the database' },
    { names: ['instanceName'], effect: 'name of the instance' },
    { names: ['encrypt'], effect: 'whether TLS is used' },
    { names: ['trustServerCertificate'], effect: 'TLS without any check' },
    { names: ['applicationName'], effect: 'name that the server sees; `connect-standalone` if it is not set' },
  ],
};

/** Properties that the worker derives from the URL itself. */
const OWN_NAMES: readonly string[] = ['connectString'];

/**
 * A sentence that names the parameters of an address that have no effect; empty if there are none. A parameter without a value may be part
 * of a password with an & in it, so it is counted but not named.
 */
export function describeIdleParameters({ kind, properties }: JdbcAddress): string {
  const known = new Set([...OWN_NAMES, ...URL_PARAMETERS[kind].flatMap(({ names }) => names)].map(name => name.toLowerCase()));
  const idle = [...properties].filter(([name]) => !known.has(name.toLowerCase()));
  const named = idle.filter(([name, value]) => value !== '' && /^[\w.-]{1,80}$/.test(name)).map(([name]) => name);
  const others = idle.length - named.length;
  const parts = [...named, ...(others > 0 ? [`${others} without a value or of another form`] : [])];
  return parts.length === 0
    ? ''
    : `Parameters of the JDBC URL without effect here: ${parts.join(', ')}. src/connectors/jdbc/README.md lists those that work.`;
}
