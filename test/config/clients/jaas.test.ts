import { parseJaasConfig } from '../../../src/config/clients/jaas';

const SECRET = 'hunter2-secret';
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule';

const READ: [string, string, Record<string, string>][] = [
  ['one line', `${PLAIN} required username="alice" password="${SECRET}";`, { username: 'alice', password: SECRET }],
  [
    'several lines',
    `${PLAIN} required \\n\n  username="alice"\n\tpassword="x" ;\n`.replace('\\n', ''),
    { username: 'alice', password: 'x' },
  ],
  ['single quotes', `${PLAIN} required username='a"b' password='c';`, { username: 'a"b', password: 'c' }],
  ['escapes', String.raw`${PLAIN} required username="a\"b" password="c\\d\t\101";`, { username: 'a"b', password: 'c\\d\tA' }],
  ['signs in quotes', `${PLAIN} required username="a" password="p=;'//#{}";`, { username: 'a', password: "p=;'//#{}" }],
  ['no blanks', `${PLAIN} required username="a"password="b";`, { username: 'a', password: 'b' }],
  ['blanks around =', `${PLAIN} REQUIRED username = "a";`, { username: 'a' }],
  [
    'no quotes',
    `com.sun.security.auth.module.Krb5LoginModule required useKeyTab=true principal=a@B keyTab="/k";`,
    { useKeyTab: 'true', principal: 'a@B', keyTab: '/k' },
  ],
  ['comments', `/* x */ ${PLAIN} required // y\n username="a";`, { username: 'a' }],
  ['an empty value', `${PLAIN} required username="" password="";`, { username: '', password: '' }],
  ['beyond ASCII', `${PLAIN} required username="jürgen" password="пароль😀";`, { username: 'jürgen', password: 'пароль😀' }],
  ['no options', `${PLAIN} required;`, {}],
];
test.each(READ)('%s', (_name, text, options) => {
  expect(Object.fromEntries(parseJaasConfig(text).options)).toEqual(options);
});

const REFUSED: [string, string, RegExp][] = [
  ['nothing', '', /Login module not specified/],
  ['no flag', `${PLAIN};`, /Control flag not specified/],
  ['a wrong flag', `${PLAIN} always username="a" password="${SECRET}";`, /Invalid login module control flag/],
  ['no semicolon', `${PLAIN} required username="a" password="${SECRET}"`, /not terminated by semi-colon/],
  ['no end of quotes', `${PLAIN} required username="a" password="${SECRET};`, /has no end/],
  ['a line break in quotes', `${PLAIN} required password="${SECRET}\nx";`, /has no end/],
  ['two modules', `${PLAIN} required password="${SECRET}"; ${PLAIN} required;`, /more than one login module/],
  ['a password with a blank but no quotes', `${PLAIN} required password=x ${SECRET};`, /must be quoted/],
  ['a password with a sign but no quotes', `${PLAIN} required password=x=${SECRET};`, /Option name expected/],
  ['a value that is missing', `${PLAIN} required password= ;`, /Value not specified for key 'password'/],
  ['a password alone', SECRET, /Control flag not specified/],
];
test.each(REFUSED)('%s is refused without showing the password', (_name, text, message) => {
  let error: unknown;
  try {
    parseJaasConfig(text);
  } catch (thrown) {
    error = thrown;
  }
  expect(error).toMatchObject({ code: 'ConfigException', message: expect.stringMatching(message) });
  expect((error as Error).message).toMatch(/^Invalid value \[hidden\] for configuration sasl\.jaas\.config: /);
  expect(`${(error as Error).stack}`).not.toContain('hunter2');
});
