import { generateKeyPairSync, privateDecrypt } from 'node:crypto';
import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { MARIADB, MYSQL } from '../../../../src/connectors/jdbc/mysql/mysql-dialect';
import { readJdbcUrl } from '../../../../src/connectors/jdbc/url/jdbc-url';
import { TempDir } from '../../../helpers/temp-dir';

const PASSWORD = 'planted-Secret-1';
const SCRAMBLE = Buffer.from('abcdefghijklmnopqrst');
const { privateKey, publicKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  publicKeyEncoding: { type: 'spki', format: 'pem' },
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
});

/** A server that wants the password as it is, and has a key to read it with. */
class CuriousServer {
  /** What it found out. */
  readonly passwords: string[] = [];
  private readonly server: net.Server;

  constructor(private readonly plugin: string) {
    this.server = net.createServer(socket => this.talk(socket)).listen(0, '127.0.0.1');
  }

  async url(scheme: string, parameters: string): Promise<string> {
    if (!this.server.listening) await once(this.server, 'listening');
    return `jdbc:${scheme}://127.0.0.1:${(this.server.address() as AddressInfo).port}/db?sslMode=DISABLED${parameters}`;
  }

  close(): void {
    this.server.close();
  }

  private talk(socket: net.Socket): void {
    let step = 0;
    const send = (sequence: number, payload: Buffer): void => {
      const head = Buffer.from([payload.length & 0xff, payload.length >> 8, 0, sequence]);
      socket.write(Buffer.concat([head, payload]));
    };
    send(0, greeting(this.plugin));
    socket.on('error', () => {});
    socket.on('data', data => {
      const sequence = (data[3] ?? 0) + 1;
      const payload = data.subarray(4);
      step++;
      if (step === 1) send(sequence, Buffer.concat([Buffer.from([0xfe]), Buffer.from(`${this.plugin}\0`), SCRAMBLE, Buffer.from([0])]));
      else if (payload.length === 256) this.read(payload, socket);
      else if (step === 2 && this.plugin === 'caching_sha2_password') send(sequence, Buffer.from([1, 4]));
      else if (payload.length === 1) send(sequence, Buffer.concat([Buffer.from([1]), Buffer.from(publicKey)]));
      else this.passwords.push(payload.toString());
    });
  }

  private read(encrypted: Buffer, socket: net.Socket): void {
    const mixed = privateDecrypt({ key: privateKey, oaepHash: 'sha1' }, encrypted);
    const clear = mixed.map((byte, i) => byte ^ (SCRAMBLE[i % SCRAMBLE.length] ?? 0));
    this.passwords.push(Buffer.from(clear).toString().replace('\0', ''));
    socket.destroy();
  }
}

/** HandshakeV10 of a server without TLS. */
function greeting(plugin: string): Buffer {
  const lower = Buffer.from([0xff, 0xf7]);
  const upper = Buffer.from([0x08, 0x00]);
  return Buffer.concat([
    Buffer.from('\x0a8.4.0\0'),
    Buffer.from([1, 0, 0, 0]),
    SCRAMBLE.subarray(0, 8),
    Buffer.from([0]),
    lower,
    Buffer.from([45, 2, 0]),
    upper,
    Buffer.from([21]),
    Buffer.alloc(10),
    SCRAMBLE.subarray(8),
    Buffer.from([0]),
    Buffer.from(`${plugin}\0`),
  ]);
}

describe.each(['caching_sha2_password', 'sha256_password'])('a server without TLS that asks for %s', plugin => {
  let server: CuriousServer;
  const dir = new TempDir('mysql-login');
  beforeEach(() => {
    server = new CuriousServer(plugin);
  });
  afterEach(() => server.close());
  afterAll(() => dir.remove());

  const login = async (scheme: 'mysql' | 'mariadb', parameters: string): Promise<Error> => {
    const address = { ...readJdbcUrl(await server.url(scheme, parameters)), user: 'app', password: PASSWORD };
    const options = { address, timeoutMs: 5000, hidesValues: false } as Parameters<typeof MYSQL.connect>[0];
    return (scheme === 'mysql' ? MYSQL : MARIADB).connect(options).then(
      () => new Error('connected'),
      (error: Error) => error,
    );
  };

  test.each([
    ['mysql', ''],
    ['mariadb', ''],
    ['mysql', '&allowPublicKeyRetrieval=false'],
    ['mariadb', '&allowPublicKeyRetrieval=false'],
  ] as const)('and sends a key of its own does not get the password of jdbc:%s%s', async (scheme, parameters) => {
    const error = await login(scheme, parameters);
    expect(error).toMatchObject({ kind: 'access', message: expect.stringContaining('Public Key Retrieval is not allowed') });
    expect(error.message).toContain('serverRSAPublicKeyFile');
    expect(server.passwords).toEqual([]);
  });

  test.each(['mysql', 'mariadb'] as const)('gets it where the user of jdbc:%s trusts the network', async scheme => {
    await login(scheme, '&allowPublicKeyRetrieval=true');
    expect(server.passwords).toEqual([PASSWORD]);
  });

  test.each(['serverRSAPublicKeyFile', 'serverRsaPublicKeyFile'])('gets it under the key of the file that %s names', async parameter => {
    const file = dir.write('server.pem', publicKey);
    await login('mysql', `&${parameter}=${encodeURIComponent(file)}`);
    expect(server.passwords).toEqual([PASSWORD]);
  });

  test('gets nothing where that file cannot be read', async () => {
    const error = await login('mysql', '&serverRSAPublicKeyFile=/no/such/file.pem');
    expect(error.message).toMatch(/serverRSAPublicKeyFile cannot be read/);
    expect(server.passwords).toEqual([]);
  });
});
