import { MAX_MARK_BYTES } from '../../../../src/api/source';
import { type FileMark, formatMark, parseMark } from '../../../../src/connectors/file/shared/file-identity';

const MAX = 2n ** 64n - 1n;
const HASH = '0123456789abcdef0123456789abcdef';
const largest: FileMark = { identity: { device: MAX, inode: MAX, birthNs: MAX }, hash: HASH };

test.each<[string, FileMark]>([
  ['all there is', { identity: { device: 2049n, inode: 12n, birthNs: 1_764_547_200_123_456_789n }, hash: HASH }],
  ['the largest numbers', largest],
  ['a position without bytes before it', { identity: { device: 1n, inode: 2n, birthNs: 0n }, hash: null }],
  ['the hash alone', { identity: null, hash: HASH }],
])('a mark of %s comes back as it was', (_, mark) => {
  expect(parseMark(formatMark(mark))).toEqual(mark);
});

test('a mark of a later version, with more words, is read as far as it is known, and has room within the limit', () => {
  const mark = `${formatMark(largest)} head=${MAX}:${HASH} name=app.log.1`;
  expect(parseMark(mark)).toEqual(largest);
  expect(Buffer.byteLength(mark)).toBeLessThan(MAX_MARK_BYTES / 2);
});

test.each([
  '',
  'x',
  '-',
  `${HASH} `,
  `${HASH} 1:2`,
  `${HASH} 1:2:3:4`,
  `${HASH} 1:2:-3`,
  `${HASH} 1:2:3 head`,
  `${HASH} 1:2:3  a=b`,
  `${HASH}0 1:2:3`,
  `${HASH.toUpperCase()} 1:2:3`,
  `x${HASH} 1:2:3`,
])('%p is no mark', text => {
  expect(parseMark(text)).toBeNull();
});
