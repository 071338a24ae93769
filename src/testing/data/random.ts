/** Random inputs that are the same in every run. */

/** A generator of integers from 0 up to, not including, its argument. */
export type Random = (below: number) => number;

/** The mulberry32 generator. */
export function seeded(seed: number): Random {
  let state = seed;
  return below => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const RANGES: readonly (readonly [number, number])[] = [
  [0x20, 0x7f],
  [0x20, 0x7f],
  [0, 0x30],
  [0x5b, 0x5e],
  [0x80, 0x800],
  [0x800, 0xd800],
  [0xe000, 0x10000],
  [0x10000, 0x110000],
];

/** A well-formed text of up to 40 characters, with all that JSON has to escape. */
export function randomText(random: Random): string {
  return Array.from({ length: random(40) }, () => {
    const [first, end] = RANGES[random(RANGES.length)] ?? [0, 1];
    return String.fromCodePoint(first + random(end - first));
  }).join('');
}

/** Up to 20 bytes, mostly no UTF-8. */
export function randomBytes(random: Random): Buffer {
  return Buffer.from(Array.from({ length: random(20) }, () => random(256)));
}

/** One of the choices. */
export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random(choices.length)] as T;
}

/** 32 random bits as an integer with its sign. */
export function bits(random: Random): number {
  return random(2 ** 32) | 0;
}
