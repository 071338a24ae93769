import fs from 'node:fs';

/** Width of a line with its newline: positions in the file and numbers of lines follow from each other. */
export const LINE_BYTES = 64;
const EVERY_MS = 20;

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
    fs.appendFileSync(this.file, Array.from({ length: lines }, () => numberedLine(this.count++)).join(''));
  }
}

/** Line `number`, with its newline. */
export function numberedLine(number: number): string {
  return `${String(number).padStart(9, '0')} ${'.'.repeat(LINE_BYTES - 11)}\n`;
}

/** What has become of numbered lines on their way. */
export interface Verdict {
  readonly lost: number;
  readonly duplicates: number;
  /** Where the numbers went back: first number that came again. */
  readonly backTo: readonly number[];
  /** Numbers that came out of order without being a repetition, and lines that are no line of ours. */
  readonly odd: number;
}

/** Judges a text of lines that should be the lines `0 .. count - 1`. */
export function judge(text: string, count: number): Verdict {
  const seen = new Uint8Array(count);
  const backTo: number[] = [];
  let [duplicates, odd, previous] = [0, 0, -1];
  for (const line of text.split('\n').slice(0, -1)) {
    const number = /^\d{9} \.+$/.test(line) && line.length === LINE_BYTES - 1 ? Number(line.slice(0, 9)) : Number.NaN;
    if (!(number < count)) {
      odd++;
      continue;
    }
    if (seen[number]) duplicates++;
    if (number <= previous) backTo.push(number);
    else if (number !== previous + 1) odd++;
    seen[number] = 1;
    previous = number;
  }
  return { lost: seen.reduce((lost, flag) => lost + (flag ? 0 : 1), 0), duplicates, backTo, odd };
}

/** Lines behind the position that an offset file holds for its one source; 0 without one. */
export function savedLines(offsetFile: string): number {
  if (!fs.existsSync(offsetFile)) return 0;
  const positions = [...fs.readFileSync(offsetFile, 'latin1').matchAll(/"position":(\d+)/g)];
  return Number(positions.at(-1)?.[1] ?? 0) / LINE_BYTES;
}
