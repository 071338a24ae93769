import { hashOrder, hashOrderOfList } from '../../src/java/hash-order';

const LETTERS = [...'abcdefghijklm'];
/** Java's hash of these is the same. */
const COLLIDING = ['BBBB', 'AaAa', 'AaBB'];

test('texts lie in the order of their buckets', () => {
  // 'p' has hash 112, which is bucket 0 of 16
  expect(hashOrder(['q', 'o', 'p'])).toEqual(['p', 'q', 'o']);
});

test('texts of one bucket lie in the order of their insertion, each once', () => {
  expect(hashOrder(COLLIDING)).toEqual(COLLIDING);
  expect(hashOrder([...COLLIDING, 'BBBB'].reverse())).toEqual(['BBBB', 'AaBB', 'AaAa']);
});

test('a table that grew has other buckets', () => {
  // 16 buckets put 'p' (112) before 'a' (97); 32 put 'a' (bucket 1) before 'p' (bucket 16)
  expect(hashOrder(['a', 'p']).join('')).toBe('pa');
  const thirteen = [...LETTERS.slice(0, 12), 'p'];
  expect(hashOrder(thirteen).join('')).toBe('abcdefghijklp');
});

test('a set made from a list of twelve has the larger table already', () => {
  const twelve = [...LETTERS.slice(0, 11), 'p'];
  expect(hashOrder(twelve).join('')).toBe('pabcdefghijk');
  expect(hashOrderOfList(twelve).join('')).toBe('abcdefghijkp');
});
