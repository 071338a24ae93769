/**
 * Times the bulk lanes of the converters, in ns a line; run by hand: `node dist/test/bench/converter-lanes.js`.
 * Batches of 5000 lines of 95 bytes; median and best of 10 samples after a warm-up.
 */
import type { Converter } from '../../src/api/converter';
import { JsonConverter } from '../../src/converters/json/json-converter';
import { StringConverter } from '../../src/converters/string-converter';
import { ByteColumn } from '../../src/data/batch/byte-column';
import { STRING_SCHEMA } from '../../src/data/schema/connect-schema';

const LINES = 5000;
const LINE_BYTES = 95;
const WARM_UP_ROUNDS = 100;
const ROUNDS = 40;
const SAMPLES = 10;

const LETTERS = 'the quick brown fox jumps over the lazy dog '.repeat(3).slice(0, LINE_BYTES);
const KINDS: readonly (readonly [string, string])[] = [
  ['plain', LETTERS],
  ['with quotes', `{"key":"${LETTERS.slice(0, 76)}","n":123}`],
  ['with umlauts', `${LETTERS.slice(0, 41)}äöü${LETTERS.slice(47)}`],
];

function samplesOf(run: () => void): number[] {
  for (let i = 0; i < WARM_UP_ROUNDS; i++) run();
  const samples: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < ROUNDS; i++) run();
    samples.push(Number(process.hrtime.bigint() - start) / ROUNDS / LINES);
  }
  return samples.sort((a, b) => a - b);
}

function report(name: string, run: () => void): void {
  const samples = samplesOf(run);
  const [best = 0, median = 0] = [samples[0], samples[SAMPLES / 2]];
  process.stdout.write(`${name.padEnd(48)} median ${median.toFixed(1).padStart(6)}  best ${best.toFixed(1).padStart(6)} ns/line\n`);
}

/** Lines as a file source packs them: one after another, with their line ends between. */
function linesOf(text: string): ByteColumn {
  const texts = new ByteColumn(LINES, LINES * (LINE_BYTES + 1));
  for (let i = 0; i < LINES; i++) {
    texts.append(Buffer.from(text));
    texts.reserve(0, 1);
    texts.bytes[texts.used++] = 10;
  }
  return texts;
}

function timeLanes(name: string, converter: Converter): void {
  for (const [kind, text] of KINDS) {
    const lines = linesOf(text);
    const written = new ByteColumn(LINES, 1);
    const read = new ByteColumn(LINES, 1);
    let payloads = lines;
    report(`${name}, ${kind}: encode`, () => {
      written.clear();
      converter.encode?.('t', { kind: 'text', texts: lines }, 0, lines.count, written, Number.POSITIVE_INFINITY);
      payloads = written;
    });
    report(`${name}, ${kind}: decode`, () => {
      read.clear();
      converter.decode?.('t', payloads, 0, payloads.count, read);
    });
  }
}

function timeRecords(converter: Converter): void {
  const bytes = converter.fromConnectData('t', STRING_SCHEMA, LETTERS);
  report('JSON with schemas: record lane, writing', () => {
    for (let i = 0; i < LINES; i++) converter.fromConnectData('t', STRING_SCHEMA, LETTERS);
  });
  report('JSON with schemas: record lane, reading', () => {
    for (let i = 0; i < LINES; i++) converter.toConnectData('t', bytes);
  });
}

function configured(converter: Converter, props: Readonly<Record<string, string>>): Converter {
  converter.configure(props, 'value');
  return converter;
}

timeLanes('JSON with schemas', configured(new JsonConverter(), {}));
timeLanes('JSON without schemas', configured(new JsonConverter(), { 'schemas.enable': 'false' }));
timeLanes('String', configured(new StringConverter(), {}));
timeRecords(configured(new JsonConverter(), {}));
