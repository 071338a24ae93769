import { LineBuffer, type OverlongLine } from '../../../../src/connectors/file/source/line-buffer';
import { ByteColumn } from '../../../../src/data/batch/byte-column';
import { type Random, seeded } from '../../../../src/testing/data/random';
import { type ReferenceLine, referenceLines } from './reference-lines';

interface Taken {
  readonly lines: ReferenceLine[];
  readonly overlong: OverlongLine[];
}

/** Feeds bytes in pieces and takes lines in batches, both of sizes that the caller chooses. */
function split(buffer: LineBuffer, bytes: Buffer, readSize: () => number, batchSize: () => number): Taken {
  const taken: Taken = { lines: [], overlong: [] };
  for (let at = 0; at < bytes.length; ) {
    const count = bytes.copy(buffer.free(), 0, at, Math.min(bytes.length, at + readSize()));
    buffer.appended(count);
    at += count;
    while (takeOnce(buffer, batchSize(), taken)) {}
  }
  return taken;
}

/** @returns false when there was nothing */
function takeOnce(buffer: LineBuffer, maxCount: number, { lines, overlong }: Taken): boolean {
  const texts = new ByteColumn(maxCount, 0);
  texts.bytes = buffer.bytes;
  const positions = new Float64Array(maxCount);
  const long = buffer.takeLines(texts, positions, maxCount);
  for (let i = 0; i < texts.count; i++) lines.push({ text: texts.at(i)?.toString('latin1') ?? '', position: positions[i] ?? -1 });
  if (long) overlong.push(long);
  return texts.count > 0 || long !== null;
}

/** Up to `length` bytes, every third or so a terminator or a part of one. */
function bytesWithLineEnds(random: Random, length: number): Buffer {
  const pieces = ['\n', '\r', '\r\n', '\n\r', '\0', 'é', '€', '😀', 'abc', '\xff', ''];
  let text = Buffer.alloc(0);
  while (text.length < length)
    text = Buffer.concat([text, Buffer.from(pieces[random(pieces.length)] ?? '', random(9) ? 'utf8' : 'latin1')]);
  return text;
}

test('random bytes, reads and batches give the lines and positions of the reference, from any reported position', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const random = seeded(seed);
    const bytes = bytesWithLineEnds(random, random(400));
    const expected = referenceLines(bytes);
    const maxRead = 1 + random(40);
    const take = (from: number): Taken =>
      split(
        new LineBuffer(from, 1 + random(64), 1 << 20),
        bytes.subarray(from),
        () => 1 + random(maxRead),
        () => 1 + random(5),
      );
    expect({ seed, lines: take(0).lines }).toEqual({ seed, lines: expected });
    for (const { position } of expected.filter(() => random(8) === 0)) {
      const remaining = expected.filter(line => line.position > position);
      expect({ seed, position, lines: take(position).lines }).toEqual({ seed, position, lines: remaining });
    }
  }
});

test.each(['a\r\nb€\r😀\n', 'é\n\r\n\r\r\n', '\u{10ffff}\r\n', '\n\n\n', '\r\r\r'])('%j cut in two at every byte is the same', text => {
  const bytes = Buffer.from(text);
  for (let cut = 0; cut <= bytes.length; cut++) {
    const sizes = [cut || 1, bytes.length];
    const taken = split(
      new LineBuffer(0, 64, 1000),
      bytes,
      () => sizes.shift() ?? bytes.length,
      () => 10,
    );
    expect(taken).toEqual({ lines: referenceLines(bytes), overlong: [] });
  }
});

const whole = (buffer: LineBuffer, text: string, readSize: number): Taken =>
  split(
    buffer,
    Buffer.from(text),
    () => readSize,
    () => 10,
  );

describe('lines above the limit', () => {
  test.each([1, 2, 3, 1000])('a line at the limit passes, one above is left out, the next one comes (reads of %d)', readSize => {
    const { lines, overlong } = whole(new LineBuffer(0, 8, 4), '1234\n12345\r\n12\r123456789\n\n1234\r\nx\n', readSize);
    expect(lines.map(line => [line.text, line.position])).toEqual([
      ['1234', 5],
      ['12', 15],
      ['', 26],
      ['1234', 32],
      ['x', 34],
    ]);
    expect(overlong.filter(line => line.complete)).toEqual([
      { position: 5, lengthBytes: 5, complete: true },
      { position: 15, lengthBytes: 9, complete: true },
    ]);
    for (const line of overlong.filter(each => !each.complete)) {
      expect([5, 15]).toContain(line.position);
      expect(line.lengthBytes).toBeGreaterThan(4);
    }
  });

  test('one that has no end yet is told once, and counts as unfinished', () => {
    const buffer = new LineBuffer(100, 8, 4);
    const { lines, overlong } = whole(buffer, 'ok\n123456789', 3);
    expect(lines).toEqual([{ text: 'ok', position: 103 }]);
    expect(overlong).toEqual([{ position: 103, lengthBytes: 6, complete: false }]);
    expect(buffer.unfinishedBytes).toBe(9);
    expect(whole(buffer, '0\nnext\n', 2)).toEqual({
      lines: [{ text: 'next', position: 119 }],
      overlong: [{ position: 103, lengthBytes: 10, complete: true }],
    });
  });

  test('a gigabyte without a line end needs no more memory than the limit and a chunk allow', () => {
    const chunk = 1 << 18;
    const limit = 1 << 20;
    const buffer = new LineBuffer(0, chunk, limit);
    const taken: Taken = { lines: [], overlong: [] };
    let largest = 0;
    for (let at = 0; at < 2 ** 30; ) {
      // What lies in the buffer is x already, as long as nothing else was written to it.
      const room = buffer.free();
      if (at < 4 * limit) room.fill('x');
      buffer.appended(room.length);
      at += room.length;
      takeOnce(buffer, 10, taken);
      largest = Math.max(largest, buffer.bytes.length);
    }
    expect(largest).toBeLessThanOrEqual(2 * (limit + chunk));
    const length = buffer.position;
    expect(whole(buffer, '\nnext\n', 100)).toEqual({
      lines: [{ text: 'next', position: length + 6 }],
      overlong: [{ position: 0, lengthBytes: length, complete: true }],
    });
    expect(buffer.free().length).toBeLessThanOrEqual(chunk);
  });
});

describe('the rest of a stream that has ended', () => {
  const rest = (text: string, limit = 100): unknown[] => {
    const buffer = new LineBuffer(0, 64, limit);
    whole(buffer, text, 100);
    const texts = new ByteColumn(2, 0);
    texts.bytes = buffer.bytes;
    const positions = new Float64Array(2);
    const overlong = buffer.takeRest(texts, positions);
    expect(buffer.unfinishedBytes).toBe(0);
    return [...Array.from({ length: texts.count }, (_, i) => [texts.at(i)?.toString(), positions[i]]), ...(overlong ? [overlong] : [])];
  };

  test.each([
    ['a\nbc', [['bc', 4]]],
    ['a\nbc\r', [['bc', 5]]],
    ['a\n\r', [['', 3]]],
    ['a\n', []],
    ['', []],
  ])('of %j is %j', (text, expected) => {
    expect(rest(text)).toEqual(expected);
  });

  test('that is too long is no line', () => {
    expect(rest('a\n123456', 3)).toEqual([{ position: 2, lengthBytes: 6, complete: true }]);
  });
});

test('lines that end with CR alone are found as fast as others', () => {
  const bytes = Buffer.from('0123456789\r'.repeat(1 << 16));
  const startMs = process.cpuUsage().user;
  const { lines } = split(
    new LineBuffer(0, 1 << 18, 1 << 20),
    bytes,
    () => 1 << 18,
    () => 2000,
  );
  expect(lines).toHaveLength((1 << 16) - 1);
  // Searching the whole buffer for LF again for each line would take several seconds.
  expect((process.cpuUsage().user - startMs) / 1000).toBeLessThan(1500);
});
