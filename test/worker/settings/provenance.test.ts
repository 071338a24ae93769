import { describeOrigin, type Setting } from '../../../src/config/files/setting';
import { provenanceOf } from '../../../src/worker/settings/provenance';
import { variable } from '../../helpers/vectors/fixtures';

const SECRET = variable('env:PASSWORD');
const settings: readonly Setting[] = [
  { key: 'plain', text: 'x', origin: { by: 'file', file: 'w.properties', line: 3 } },
  { key: 'secret', text: `a${SECRET}b${variable('other:x')}${variable('env:d:e')}`, origin: { by: 'file', file: 'w.properties', line: 4 } },
  { key: 'unknown', text: variable('other:x'), origin: { by: 'REST' } },
  { key: 'bootstrap.servers', text: 'x', origin: { by: 'override', asked: '--embedded-broker' } },
];

test.each([
  ['plain', 'w.properties:3'],
  ['secret', `w.properties:4, from ${SECRET}, ${variable('env:d:e')}`],
  ['unknown', ''],
  ['bootstrap.servers', 'set by --embedded-broker'],
  ['left out', ''],
])('%s: %s', (key, place) => {
  expect(describeOrigin(provenanceOf(settings, new Map([['env', null]]))(key))).toBe(place);
});

test('a text of nothing but braces takes no time', () => {
  const text = '${'.repeat(200_000);
  const startedMs = performance.now();
  provenanceOf([{ key: 'k', text, origin: { by: 'REST' } }], new Map())('k');
  expect(performance.now() - startedMs).toBeLessThan(500);
});
