/** Hostile texts, the same in every run, into every place of the table of bounds. */
import { ConnectError } from '../src/errors';
import { HttpError } from '../src/rest/error-mapper';
import { randomText, seeded } from '../src/testing/data/random';
import { BOUNDS } from './helpers/docs/bounds';

/** Texts that mean something to a shell, a database, a path, a pattern, a terminal, a header or a parser. */
const HOSTILE: readonly string[] = [
  ...Array.from({ length: 256 }, (_, code) => `a${String.fromCharCode(code)}b`),
  '$(touch /tmp/x)',
  '`touch /tmp/x`',
  '; touch /tmp/x #',
  '| sh',
  '&& sh',
  '-t /etc/passwd',
  "x' OR '1'='1",
  "'; DROP TABLE t; --",
  "\\'; DROP TABLE t; --",
  '"; DROP TABLE t; --',
  '`; DROP TABLE t; -- ',
  ']; DROP TABLE t; --',
  '0) AS SELECT * FROM victim; --',
  '../../etc/passwd',
  '/etc/passwd',
  '/usr/../etc/passwd',
  '/proc/self/fdinfo/../environ',
  'file:///etc/passwd',
  '\r\nSet-Cookie: a=b',
  '\u001b]0;owned\u0007',
  '\u202egnp.exe',
  '\ud800',
  '\udc00x',
  '\0',
  '',
  ' ',
  '.',
  '..',
  '__proto__',
  'constructor',
  '(.*a){14}x',
  '(a+)+$',
  '((a|aa)+)+$',
  '(?:'.repeat(2000),
  '['.repeat(5000),
  '{'.repeat(5000),
  '[{"a":'.repeat(3000),
  '9'.repeat(5000),
  '1e999999999',
  '-100000000',
  '4294967298',
  ','.repeat(100_000),
  'x'.repeat(200_000),
  ' '.repeat(100_000),
  `${'.'.repeat(4000)}x`,
  '${'.repeat(50_000),
  'attacker.example',
  'known.attacker.example',
  'known@attacker.example',
];

/** More than any of them takes where the bound holds, far less than where it does not. */
const MOST_CPU_US = 5_000_000;

test.each(BOUNDS.map(bound => [`${bound.text} -> ${bound.reach}`, bound] as const))('%s', (_, { feed, holds, takesItsTime }) => {
  const random = seeded(7);
  const pick = (): string => HOSTILE[random(HOSTILE.length)] ?? '';
  const texts = [
    ...HOSTILE,
    ...Array.from({ length: 300 }, () => (random(2) === 0 ? randomText(random) : (pick() + randomText(random)).slice(0, 300_000))),
  ];
  for (const text of takesItsTime ? texts.filter((_, i) => i % 12 === 0) : texts) {
    const before = process.cpuUsage().user;
    try {
      const out = feed(text);
      if (holds && !holds(out, text)) throw new Error(`${JSON.stringify(text).slice(0, 200)} became ${JSON.stringify(out)?.slice(0, 200)}`);
    } catch (error) {
      // a refusal has a type and a text; anything else is a fault of ours
      if (!(error instanceof ConnectError || error instanceof HttpError)) throw error;
      expect(error.message.length).toBeLessThan(2 * text.length + 3000);
    }
    expect({ text: text.slice(0, 60), slow: process.cpuUsage().user - before > MOST_CPU_US }).toEqual({
      text: text.slice(0, 60),
      slow: false,
    });
  }
});
