/** A real broker that asks who one is and what one may: TLS, SASL and ACLs, and a server that gives out tokens. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCommand } from '../processes/child';
import { Broker, SHORT_LIVED_JVM } from './broker';
import { freePorts } from './free-port';
import { javaArguments } from './kafka-jars';
import { STORE_PASSWORD, tlsFile } from './tls-fixtures';

/** Password of all users. */
export const USER_PASSWORD = 'geheim-7391';

/** The listeners besides PLAINTEXT, to which everybody is a super user. */
export const LISTENERS = ['SSL', 'WRONGHOST', 'SASL_PLAINTEXT', 'SASL_SSL', 'OIDC'] as const;
export type ListenerName = (typeof LISTENERS)[number];

const LOGIN_MODULES = {
  plain: 'org.apache.kafka.common.security.plain.PlainLoginModule',
  scram: 'org.apache.kafka.common.security.scram.ScramLoginModule',
  oauth: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerLoginModule',
} as const;

/** `sasl.jaas.config` of a client. */
export function jaas(module: keyof typeof LOGIN_MODULES, options: Readonly<Record<string, string>>): string {
  const texts = Object.entries(options).map(([name, value]) => ` ${name}="${value}"`);
  return `${LOGIN_MODULES[module]} required${texts.join('')};`;
}

export class SecureBroker {
  private constructor(
    readonly broker: Broker,
    /** `host:port` of each listener. */
    readonly bootstrap: Readonly<Record<ListenerName, string>>,
    readonly tokens: TokenServer,
  ) {}

  /**
   * @param users names for PLAIN and SCRAM, with `USER_PASSWORD`
   */
  static async start(users: readonly string[]): Promise<SecureBroker> {
    const tokens = await TokenServer.start();
    const ports = await freePorts(LISTENERS.length + 2);
    const [plaintext = 0, controller = 0, ...secured] = ports;
    const addresses = LISTENERS.map((name, i) => [name, `127.0.0.1:${secured[i]}`] as const);
    const clients = [`PLAINTEXT://127.0.0.1:${plaintext}`, ...addresses.map(([name, address]) => `${name}://${address}`)];
    const broker = await Broker.start({
      port: plaintext,
      jvm: [...SHORT_LIVED_JVM, `-Dorg.apache.kafka.sasl.oauthbearer.allowed.urls=${tokens.url}/keys`],
      format: users.flatMap(name =>
        ['256', '512'].flatMap(size => ['--add-scram', `SCRAM-SHA-${size}=[name=${name},password=${USER_PASSWORD},iterations=4096]`]),
      ),
      settings: {
        'controller.quorum.voters': `1@127.0.0.1:${controller}`,
        listeners: [...clients, `CONTROLLER://127.0.0.1:${controller}`].join(','),
        'advertised.listeners': clients.join(','),
        'listener.security.protocol.map':
          'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,WRONGHOST:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL,OIDC:SASL_PLAINTEXT',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
        ...tlsSettings(),
        ...saslSettings(users, tokens.url),
      },
    });
    return new SecureBroker(broker, Object.fromEntries(addresses) as Record<ListenerName, string>, tokens);
  }

  /** Lets users do something, e.g. `['--operation', 'Read', '--topic', 't']`. */
  allow(users: readonly string[], what: readonly string[]): Promise<void> {
    return this.changeAcls('--add', users, what);
  }

  /** Takes what was allowed away again. */
  revoke(users: readonly string[], what: readonly string[]): Promise<void> {
    return this.changeAcls('--remove', users, what);
  }

  private async changeAcls(change: '--add' | '--remove', users: readonly string[], what: readonly string[]): Promise<void> {
    const principals = users.flatMap(name => ['--allow-principal', `User:${name}`]);
    const args = ['--bootstrap-server', this.broker.bootstrap, change, '--force', ...principals, ...what];
    const result = await runCommand('java', javaArguments('org.apache.kafka.tools.AclCommand', args, ['-XX:TieredStopAtLevel=1']));
    if (result.code !== 0) throw new Error(`AclCommand: ${result.stdout}${result.stderr}`);
  }

  async stop(): Promise<void> {
    this.tokens.stop();
    await this.broker.stop();
  }
}

function tlsSettings(): Record<string, string> {
  return {
    'ssl.keystore.location': tlsFile('server.p12'),
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': tlsFile('ca.pem'),
    'listener.name.ssl.ssl.client.auth': 'required',
    'listener.name.wronghost.ssl.keystore.location': tlsFile('wrong-host.p12'),
    'listener.name.wronghost.ssl.keystore.password': STORE_PASSWORD,
    'ssl.principal.mapping.rules': 'RULE:^CN=([^,]+).*$/$1/',
  };
}

function saslSettings(users: readonly string[], tokenUrl: string): Record<string, string> {
  const plain = jaas('plain', Object.fromEntries(users.map(name => [`user_${name}`, USER_PASSWORD])));
  const unsecured = jaas('oauth', { unsecuredLoginStringClaim_sub: 'broker' });
  const both = ['sasl_plaintext', 'sasl_ssl'].flatMap(listener => [
    [`listener.name.${listener}.sasl.enabled.mechanisms`, 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER'],
    [`listener.name.${listener}.plain.sasl.jaas.config`, plain],
    [`listener.name.${listener}.scram-sha-256.sasl.jaas.config`, jaas('scram', {})],
    [`listener.name.${listener}.scram-sha-512.sasl.jaas.config`, jaas('scram', {})],
    [`listener.name.${listener}.oauthbearer.sasl.jaas.config`, unsecured],
  ]);
  const oidc = 'listener.name.oidc.oauthbearer.sasl';
  return {
    ...Object.fromEntries(both),
    'listener.name.oidc.sasl.enabled.mechanisms': 'OAUTHBEARER',
    [`${oidc}.jaas.config`]: jaas('oauth', {}),
    [`${oidc}.server.callback.handler.class`]: 'org.apache.kafka.common.security.oauthbearer.OAuthBearerValidatorCallbackHandler',
    'listener.name.oidc.sasl.oauthbearer.jwks.endpoint.url': `${tokenUrl}/keys`,
    'listener.name.oidc.sasl.oauthbearer.expected.audience': 'kafka',
  };
}

/** Gives a token for the user to whoever shows `USER_PASSWORD` as client secret, with the client id as its subject. */
export class TokenServer {
  private constructor(
    private readonly server: http.Server,
    readonly url: string,
  ) {}

  static async start(): Promise<TokenServer> {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const key = createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' }));
    const jwk = { ...createPublicKey(key).export({ format: 'jwk' }), kid: 'test', alg: 'RS256', use: 'sig' };
    const server = http.createServer((request, response) => {
      response.setHeader('content-type', 'application/json');
      if (request.url === '/keys') {
        response.end(JSON.stringify({ keys: [jwk] }));
        return;
      }
      const [, pair = ''] = /^Basic (.*)$/.exec(request.headers.authorization ?? '') ?? [];
      const [id = '', secret = ''] = Buffer.from(pair, 'base64').toString().split(':');
      response.statusCode = secret === USER_PASSWORD ? 200 : 401;
      response.end(
        JSON.stringify(
          secret === USER_PASSWORD ? { access_token: token(id, key), token_type: 'Bearer', expires_in: 600 } : { error: 'invalid_client' },
        ),
      );
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    server.unref();
    return new TokenServer(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  }

  stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function token(subject: string, key: ReturnType<typeof createPrivateKey>): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'RS256', kid: 'test', typ: 'JWT' })}.${part({ sub: subject, aud: 'kafka', iss: 'test', iat: now, exp: now + 600 })}`;
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`;
}
