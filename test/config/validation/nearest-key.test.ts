import { CLIENT_DEFS } from '../../../src/config/clients/client-keys';
import { WORKER_DEF } from '../../../src/config/keys/worker-keys';
import { editDistance, nearestKey } from '../../../src/config/validation/nearest-key';
import { type Random, seeded } from '../../../src/testing/data/random';

const KEYS = [...WORKER_DEF.keys.keys(), ...CLIENT_DEFS.admin.keys.keys()];

test.each([
  ['', '', 0],
  ['a', '', 1],
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['abc', 'abcd', 1],
  ['abc', 'axc', 1],
  ['kitten', 'sitting', 3],
])('from %p to %p it is %i', (from, to, distance) => {
  expect([editDistance(from, to), editDistance(to, from)]).toEqual([distance, distance]);
});

test.each([
  ['key.convertor', 'key.converter'],
  ['VALUE_CONVERTER', 'value.converter'],
  ['offset.storage.filename', undefined],
  ['offset.flush.intervall.ms', 'offset.flush.interval.ms'],
  ['listener', 'listeners'],
  ['listner', 'listeners'],
  ['pluginpaths', 'plugin.path'],
  ['pluginpath', 'plugin.path'],
  ['my.own.setting', undefined],
  ['', undefined],
])('%p means %p', (key, meant) => {
  expect(nearestKey(key, KEYS)).toBe(meant);
});

/** One slip of the fingers. */
function misspell(key: string, random: Random): string {
  const at = random(key.length);
  const letter = 'abcdefghijklmnopqrstuvwxyz.'.charAt(random(27));
  const slips = [
    () => key.slice(0, at) + key.slice(at + 1),
    () => key.slice(0, at) + letter + key.slice(at),
    () => key.slice(0, at) + letter + key.slice(at + 1),
    () => key.slice(0, at) + (key[at + 1] ?? '') + key.charAt(at) + key.slice(at + 2),
  ];
  return slips[random(slips.length)]?.() ?? key;
}

test('every key of the worker is found again behind any one slip, or another that is no further', () => {
  const random = seeded(7);
  for (const key of KEYS.filter(name => name.length > 3)) {
    for (let i = 0; i < 5; i++) {
      const slip = misspell(key, random);
      const found = nearestKey(slip, KEYS);
      expect([slip, found !== undefined && editDistance(slip, found) <= 1]).toEqual([slip, true]);
    }
  }
});
