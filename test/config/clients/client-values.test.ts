import { CLIENT_DEFS, type ClientType } from '../../../src/config/clients/client-keys';
import { createOverridePolicy, validateOverrides } from '../../../src/config/clients/client-overrides';
import { checkClientValue, checkWorkerClients } from '../../../src/config/clients/client-values';
import { translateClientProps } from '../../../src/kafka/settings/client-config';

const ASCII = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
const KINDS = Object.keys(CLIENT_DEFS) as ClientType[];
const GSSAPI = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'GSSAPI' };
/** Signs that a shell, an option parser or a template could take for more than a sign. */
const DANGEROUS = [...'\0\n\r\t\u001b\u007f ;&|<>$`\\"\'(){}[]*?!#~%^'];

const refused = (check: () => unknown): boolean => {
  try {
    check();
    return false;
  } catch (error) {
    expect(String(error)).toMatch(/^ConfigException: |Invalid value \[hidden\]|sasl\.jaas\.config/);
    return true;
  }
};

/** A value within a JAAS text, every sign as itself. */
const quoted = (value: string): string => `"${[...value].map(sign => `\\${sign.charCodeAt(0).toString(8).padStart(3, '0')}`).join('')}"`;
const login = (option: string, value: string): string =>
  `com.sun.security.auth.module.Krb5LoginModule required serviceName="kafka" ${option}=${quoted(value)};`;

describe.each(['principal', 'keyTab', 'serviceName'])('Kerberos option %s', option => {
  test.each(KINDS)('of a %s takes no sign that means anything to a shell', kind => {
    const bad = ASCII.filter(sign =>
      refused(() => translateClientProps(kind, { ...GSSAPI, 'sasl.jaas.config': login(option, `a${sign}b`) })),
    );
    expect(bad).toEqual(expect.arrayContaining(DANGEROUS));
    expect(bad.join('')).not.toMatch(/[a-zA-Z0-9._-]/);
  });

  test('does not look like an option of a command', () => {
    expect(refused(() => checkClientValue('producer', 'sasl.jaas.config', login(option, '-c')))).toBe(true);
  });

  test('is refused where a connector is validated and in the file of the worker, whatever the mechanism', () => {
    for (const sign of DANGEROUS) {
      const jaas = login(option, `a${sign}b`);
      const [infos] = validateOverrides({ 'producer.override.sasl.jaas.config': jaas }, 'source', createOverridePolicy('Principal', []));
      expect([sign, infos?.error_count]).toEqual([sign, 1]);
      for (const prefix of ['', 'producer.', 'consumer.', 'admin.'])
        expect(() => checkWorkerClients({ [`${prefix}sasl.jaas.config`]: jaas })).toThrow('sasl.jaas.config');
    }
  });
});

test('sasl.kerberos.service.name as a setting of its own is held to the same signs', () => {
  const bad = ASCII.filter(sign => refused(() => checkClientValue('consumer', 'sasl.kerberos.service.name', `a${sign}b`)));
  expect(bad).toEqual(expect.arrayContaining(DANGEROUS));
});

describe('any text of any client setting, with any ASCII sign in it,', () => {
  /** Commands, libraries that are loaded, and files that are read: none is ever set from what a user says. */
  const NEVER =
    /kinit\.cmd|plugin\.library|ssl\.engine|ssl\.providers|\.location$|^opaque|_cb$|sasl\.kerberos\.(?!principal|keytab|service\.name|min\.time)/;
  const NEEDED: Readonly<Record<string, string>> = {
    'sasl.mechanism': 'GSSAPI',
    'security.protocol': 'SASL_PLAINTEXT',
    'sasl.kerberos.service.name': 'kafka',
    'group.protocol': 'consumer',
  };
  test.each(KINDS)('is refused, or reaches librdkafka as it is, and no command, of a %s', kind => {
    for (const { name, type } of CLIENT_DEFS[kind].keys.values()) {
      for (const sign of ASCII) {
        const value = `a${sign}b`;
        let settings: Readonly<Record<string, string>> = {};
        if (refusedWith(() => (settings = translateClientProps(kind, { ...NEEDED, [name]: value }).settings))) continue;
        expect(Object.keys(settings).filter(key => NEVER.test(key))).toEqual([]);
        if (type === 'PASSWORD') continue;
        // biome-ignore lint/suspicious/noControlCharactersInRegex: none may be left
        expect([name, sign, Object.values(settings).filter(text => /[\u0000-\u001f\u007f]/.test(text))]).toEqual([name, sign, []]);
      }
    }
  });

  const refusedWith = (check: () => unknown): boolean => {
    try {
      check();
      return false;
    } catch (error) {
      return /Exception/.test((error as { code?: string }).code ?? '');
    }
  };
});

test.each(['file:///etc/passwd', 'gopher://h/', 'scp://h/x', 'https://h/a b', '/etc/passwd', 'dict://h'])('no token from %s', url => {
  expect(() => checkClientValue('producer', 'sasl.oauthbearer.token.endpoint.url', url)).toThrow('must begin with http:// or https://');
});
