import fs from 'node:fs';

/** Width of a line with its newline: positions in the file and numbers of lines follow from each other. */
export const LINE_BYTES = 64;
const EVERY_MS = 20;
const CHUNK_BYTES = 1 << 20;
const LF = 10;

/** Appends numbered lines to a file at a steady rate, as a program under load would. */
export class LineFeeder {
  count = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    readonly file: string,
    private readonly linesPerSecond = 10_000,
  ) {
    fs.writeFileSync(file, '');
  }

  start(): void {
    const each = Math.ceil((this.linesPerSecond * EVERY_MS) / 1000);
    this.timer = setInterval(() => this.append(each), EVERY_MS);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  append(lines: number): void {
    fs.appendFileSync(this.file, this.next(lines));
  }

  /** Empties the file and writes the next lines into it, as a program that opens its log anew; or writes them into another file. */
  rewrite(lines: number, file = this.file): void {
    fs.writeFileSync(file, this.next(lines));
  }

  private next(lines: number): string {
    return Array.from({ length: lines }, () => numberedLine(this.count++)).join('');
  }
}

/** Line `number`, with its newline. */
export function numberedLine(number: number): string {
  return `${String(number).padStart(9, '0')}${LINE_END}`;
}

const LINE_END = ` ${'.'.repeat(LINE_BYTES - 11)}\n`;

/** What has become of numbered lines on their way. */
export interface Verdict {
  readonly lost: number;
  readonly duplicates: number;
  /** Where the numbers went back: first number that came again. */
  readonly backTo: readonly number[];
  /** Numbers that came out of order without being a repetition, and lines that are not ours. */
  readonly odd: number;
}

/** Judges lines, one after the other, that should be the lines `0 .. count - 1`. */
export class Ledger {
  /** Each time the numbers went back: where to, and how many came again by that. */
  readonly repeats: { readonly from: number; lines: number }[] = [];
  highest = -1;
  private readonly seen: Uint8Array;
  private distinct = 0;
  private odd = 0;
  private previous = -1;

  constructor(private readonly count: number) {
    this.seen = new Uint8Array(count);
  }

  /** Takes the next line, without its newline. */
  add(line: string): void {
    const number = /^\d{9} \.+$/.test(line) && line.length === LINE_BYTES - 1 ? Number(line.slice(0, 9)) : Number.NaN;
    if (!(number < this.count)) {
      this.odd++;
      return;
    }
    if (number <= this.previous) this.repeats.push({ from: number, lines: 0 });
    else if (number !== this.previous + 1) this.odd++;
    const repeat = this.repeats.at(-1);
    if (!this.seen[number]) this.distinct++;
    else if (repeat) repeat.lines++;
    this.seen[number] = 1;
    this.previous = number;
    if (number > this.highest) this.highest = number;
  }

  verdict(): Verdict {
    return {
      lost: this.count - this.distinct,
      duplicates: this.repeats.reduce((sum, { lines }) => sum + lines, 0),
      backTo: this.repeats.map(({ from }) => from),
      odd: this.odd,
    };
  }
}

/** Judges a text of lines that should be the lines `0 .. count - 1`. */
export function judge(text: string, count: number): Verdict {
  const ledger = new Ledger(count);
  for (const line of text.split('\n').slice(0, -1)) ledger.add(line);
  return ledger.verdict();
}

/** The same for a file, which may be larger than a text can be. */
export async function judgeFile(file: string, count: number): Promise<Ledger> {
  const ledger = new Ledger(count);
  let rest: Buffer = Buffer.alloc(0);
  for await (const chunk of fs.createReadStream(file, { highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let from = 0;
    for (let end = bytes.indexOf(LF); end >= 0; end = bytes.indexOf(LF, from)) {
      ledger.add(bytes.toString('latin1', from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
  }
  if (rest.length > 0) ledger.add(rest.toString('latin1'));
  return ledger;
}

/** The position that an offset file holds for its one source; 0 without one. */
export function savedPosition(offsetFile: string): number {
  if (!fs.existsSync(offsetFile)) return 0;
  const positions = [...fs.readFileSync(offsetFile, 'latin1').matchAll(/"position":(\d+)/g)];
  return Number(positions.at(-1)?.[1] ?? 0);
}

/** Numbered lines before that position. */
export function savedLines(offsetFile: string): number {
  return savedPosition(offsetFile) / LINE_BYTES;
}
