/** What every converter and every header converter must do. */
import {
  type ConfigDef,
  type Converter,
  type ConverterPlugin,
  dataEqual,
  type HeaderConverter,
  type HeaderConverterPlugin,
  INT32_SCHEMA,
  type Props,
  type Schema,
  type SchemaAndValue,
  schemasEqual,
} from '../api';
import { bulkChecks } from './bulk-checks';
import { type Check, check, demand, errorText, isDataException, shortened, withSeeds } from './check';
import { hostileBytes } from './data/hostile-bytes';
import { pick, type Random, randomBytes, randomText } from './data/random';
import { mutated, randomData, randomPlainData } from './data/random-data';
import { textOf } from './data/text-of';
import { settingsChecks } from './settings-checks';

interface CommonSubject {
  /** Settings that will do; none where it is absent. */
  readonly props?: Props;
  /** Values that will not do, by setting; those of a wrong type are tried anyway. */
  readonly badSettings?: Props;
  /** Data that it writes, at random; absent: data of every schema, and data without one. */
  data?(random: Random): SchemaAndValue;
  /** What it reads from the bytes that it has written for some data; absent: the same. */
  readsAgain?(written: SchemaAndValue): SchemaAndValue;
  /** How long one conversion of hostile bytes may take; 2 s. */
  readonly limitMs?: number;
}

export interface ConverterSubject extends CommonSubject {
  readonly plugin: ConverterPlugin;
}

export interface HeaderConverterSubject extends CommonSubject {
  readonly plugin: HeaderConverterPlugin;
}

/** What both kinds are to the checks. */
interface Conversion {
  config(): ConfigDef;
  configure(props: Props): void;
  write(data: SchemaAndValue): Buffer | null;
  read(bytes: Buffer | null): SchemaAndValue;
  readonly readsAnyBytes: boolean;
}

/** The checks of a converter. */
export function converterChecks(subject: ConverterSubject): Check[] {
  const { plugin, props = {}, data = anyData } = subject;
  const create = (): Converter => {
    const converter = plugin.create();
    converter.configure(props, 'value');
    return converter;
  };
  return [...conversionChecks(subject, () => asConversion(plugin.create())), ...bulkChecks(create, data)];
}

/** The checks of a header converter. */
export function headerConverterChecks(subject: HeaderConverterSubject): Check[] {
  return conversionChecks(subject, () => asHeaderConversion(subject.plugin.create()));
}

const TOPIC = 'test';

const asConversion = (converter: Converter): Conversion => ({
  config: () => converter.config(),
  configure: props => converter.configure(props, 'value'),
  write: ({ schema, value }) => converter.fromConnectData(TOPIC, schema, value),
  read: bytes => converter.toConnectData(TOPIC, bytes),
  readsAnyBytes: converter.readsAnyBytes ?? false,
});

const asHeaderConversion = (converter: HeaderConverter): Conversion => ({
  config: () => converter.config(),
  configure: props => converter.configure(props, 'header'),
  write: ({ schema, value }) => converter.fromConnectHeader(TOPIC, 'header', schema, value),
  read: bytes => converter.toConnectHeader(TOPIC, 'header', bytes),
  readsAnyBytes: converter.readsAnyBytes ?? false,
});

function conversionChecks(subject: CommonSubject, createNew: () => Conversion): Check[] {
  const { props = {}, badSettings = {}, data = anyData, limitMs = 2000 } = subject;
  const create = (): Conversion => {
    const created = createNew();
    created.configure(props);
    return created;
  };
  return [
    ...settingsChecks({
      method: 'configure',
      config: () => createNew().config(),
      use: run => run(props, given => createNew().configure(given)),
      badSettings,
      takesMore: false,
    }),
    check('null is written as null, and read as null', () => {
      const tested = create();
      const bytes = tested.write({ schema: null, value: null });
      demand(bytes === null, `null is written as ${textOf(bytes)}`);
      const { value } = tested.read(null);
      demand(value === null, `null is read as ${textOf(value)}`);
    }),
    check('what was written is read again', () => {
      const tested = create();
      withSeeds(random => checkRoundTrip(tested, data(random), subject.readsAgain?.bind(subject)));
    }),
    check('the same data is always written as the same bytes', () => {
      const [tested, other] = [create(), create()];
      withSeeds(random => {
        const given = data(random);
        const first = textOf(tested.write(given));
        tested.write(data(random));
        for (const again of [tested.write(given), other.write(given)])
          demand(textOf(again) === first, `${shown(given)} is written as ${first}, and then as ${textOf(again)}`);
      });
    }),
    check('data is not changed by being written', () => {
      const tested = create();
      withSeeds(random => {
        const given = data(random);
        const before = textOf(given);
        tested.write(given);
        demand(textOf(given) === before, `${shortened(before)} has become ${shown(given)}`);
      });
    }),
    check('data of every kind is written, or refused with a DataException', () => checkAnyData(create())),
    check('bytes of every kind are read, or refused with a DataException, and soon', () => checkAnyBytes(create(), data, limitMs)),
    check('results do not hang on buffers that are used again', () => checkBuffers(create(), data)),
  ];
}

const anyData = (random: Random): SchemaAndValue =>
  random(4) === 0 ? { schema: null, value: randomPlainData(random) } : randomData(random);

const shown = (data: SchemaAndValue): string => shortened(textOf(data));

function checkRoundTrip(tested: Conversion, written: SchemaAndValue, readsAgain?: (written: SchemaAndValue) => SchemaAndValue): void {
  const wanted = readsAgain?.(written) ?? written;
  const wantedText = textOf(wanted);
  const found = tested.read(tested.write(written));
  if (textOf(found) === wantedText || (schemasEqual(found.schema, wanted.schema) && dataEqual(found.value, wanted.value))) return;
  throw new Error(`${shown(written)} is read again as ${shown(found)}${readsAgain ? `, not as ${shown(wanted)}` : ''}`);
}

/** Runs a step that may refuse what it is given. @throws Error unless it refuses as a converter does */
function refusable<T>(what: () => string, step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (isDataException(error)) return undefined;
    throw new Error(`${what()} is refused with ${errorText(error)}, not with a DataException`, { cause: error });
  }
}

function checkAnyData(tested: Conversion): void {
  withSeeds(random => {
    const { schema, value } = randomData(random);
    const other = pick<Schema | null>(random, [null, schema, INT32_SCHEMA, randomData(random).schema]);
    for (const given of [
      { schema, value },
      { schema, value: randomPlainData(random) },
      { schema: other, value },
      { schema: null, value },
    ]) {
      const bytes = refusable(
        () => shown(given),
        () => tested.write(given),
      );
      demand(bytes === undefined || bytes === null || Buffer.isBuffer(bytes), `${shown(given)} is written as ${textOf(bytes)}, no Buffer`);
    }
  });
}

function checkAnyBytes(tested: Conversion, data: (random: Random) => SchemaAndValue, limitMs: number): void {
  const read = (bytes: Buffer): void => {
    const beginMs = Date.now();
    const name = (): string => `${bytes.length} bytes, ${shortened(JSON.stringify(bytes.toString('latin1')))},`;
    const result = refusable(name, () => tested.read(Buffer.from(bytes)));
    const tookMs = Date.now() - beginMs;
    demand(tookMs <= limitMs, `${name()} took ${tookMs} ms to be read`);
    demand(result !== undefined || !tested.readsAnyBytes, `${name()} are refused, though readsAnyBytes is true`);
  };
  withSeeds(random => {
    read(randomBytes(random));
    read(Buffer.from(randomText(random)));
    read(mutated(random, tested.write(data(random)) ?? Buffer.alloc(0)));
  });
  for (const bytes of hostileBytes()) read(bytes);
}

function checkBuffers(tested: Conversion, data: (random: Random) => SchemaAndValue): void {
  withSeeds(random => {
    const bytes = tested.write(data(random));
    const before = textOf(bytes);
    tested.write(data(random));
    demand(textOf(bytes) === before, `bytes that were written, ${shortened(before)}, are changed by the next data`);
    if (bytes === null) return;
    const reused = Buffer.from(bytes);
    const found = tested.read(reused);
    demand(reused.equals(bytes), `bytes are changed by being read: ${shortened(before)}`);
    const text = textOf(found);
    reused.fill(0x2a);
    demand(textOf(found) === text, `what was read, ${shortened(text)}, is changed with the buffer it was read from`);
  });
}
