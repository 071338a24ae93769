import {
  type ByteColumn,
  type Column,
  ConfigDef,
  ConnectError,
  type Converter,
  type HeaderConverter,
  javaText,
  NO_DEFAULT,
  type Props,
  type Schema,
  type SchemaAndValue,
} from '../../src/api';
import { type Check, converterChecks, headerConverterChecks, randomText } from '../../src/testing';
import { failuresOf, testKit } from '../helpers/fakes/failing-checks';

const CONFIG = new ConfigDef()
  .define({ name: 'mark', type: 'STRING', defaultValue: NO_DEFAULT, importance: 'HIGH', doc: 'What texts begin with.' })
  .define({ name: 'copies', type: 'INT', defaultValue: 1, importance: 'LOW', doc: 'Unused.' });

const refuse = (why: string): ConnectError => new ConnectError('DataException', why);

/** Maps with a text, whose UTF-16 stands behind a mark of one byte. */
class Marked implements Converter {
  protected mark = 0;
  readonly readsAnyBytes: boolean = false;

  config(): ConfigDef {
    return CONFIG;
  }

  configure(props: Props): void {
    this.mark = CONFIG.parse(props).getString('mark').charCodeAt(0) & 0xff;
  }

  fromConnectData(_topic: string, _schema: Schema | null, value: unknown): Buffer | null {
    if (value === null || value === undefined) return null;
    const text: unknown = value instanceof Map ? value.get('text') : undefined;
    if (typeof text !== 'string') throw refuse('no text');
    return Buffer.concat([Buffer.of(this.mark), Buffer.from(text, 'utf16le')]);
  }

  toConnectData(_topic: string, bytes: Buffer | null): SchemaAndValue {
    if (bytes === null) return { schema: null, value: null };
    if (bytes[0] !== this.mark || bytes.length % 2 === 0) throw refuse('no text behind a mark');
    return { schema: null, value: new Map([['text', this.textOf(bytes)]]) };
  }

  protected textOf(bytes: Buffer): string {
    return bytes.toString('utf16le', 1);
  }
}

const checksOf = (Type: new () => Converter): Check[] =>
  converterChecks({
    plugin: { type: 'converter', className: 'test.Marked', version: '1', create: () => new Type() },
    props: { mark: '!' },
    data: random => ({ schema: null, value: new Map([['text', randomText(random)]]) }),
    limitMs: 200,
  });

testKit<new () => Converter>(checksOf, Marked, {
  'configure reads no setting that config() does not declare': class extends Marked {
    override configure(props: Props): void {
      super.configure(props);
      if (props.secret) this.mark = 1;
    }
  },
  'configure refuses what will not do with a ConfigException that names the setting': class extends Marked {
    override configure(props: Props): void {
      if (Number.isNaN(Number(props.copies ?? 1))) throw new TypeError('copies');
      super.configure(props);
    }
  },
  'configure asks for each setting that has no default': class extends Marked {
    override configure(props: Props): void {
      super.configure({ mark: '!', ...props });
    }
  },
  'null is written as null, and read as null': class extends Marked {
    override toConnectData(topic: string, bytes: Buffer | null): SchemaAndValue {
      return bytes === null ? { schema: null, value: '' } : super.toConnectData(topic, bytes);
    }
  },
  'what was written is read again': class extends Marked {
    protected override textOf(bytes: Buffer): string {
      return super.textOf(bytes).trimEnd();
    }
  },
  'the same data is always written as the same bytes': class extends Marked {
    private count = 0;

    override fromConnectData(topic: string, schema: Schema | null, value: unknown): Buffer | null {
      const bytes = super.fromConnectData(topic, schema, value);
      return bytes && Buffer.concat([bytes, Buffer.from('\ufffe'.repeat(this.count++ % 3), 'utf16le')]);
    }

    protected override textOf(bytes: Buffer): string {
      return super.textOf(bytes).replace(/\ufffe+$/, '');
    }
  },
  'data is not changed by being written': class extends Marked {
    override fromConnectData(topic: string, schema: Schema | null, value: unknown): Buffer | null {
      const bytes = super.fromConnectData(topic, schema, value);
      if (value instanceof Map) value.set('seen', true);
      return bytes;
    }
  },
  'data of every kind is written, or refused with a DataException': class extends Marked {
    override fromConnectData(topic: string, schema: Schema | null, value: unknown): Buffer | null {
      if (Array.isArray(value)) throw new TypeError('value.get is not a function');
      return super.fromConnectData(topic, schema, value);
    }
  },
  'bytes of every kind are read, or refused with a DataException, and soon': class extends Marked {
    override toConnectData(topic: string, bytes: Buffer | null): SchemaAndValue {
      if (bytes?.length === 0) throw new RangeError('The value of "offset" is out of range');
      return super.toConnectData(topic, bytes);
    }
  },
  'results do not hang on buffers that are used again': class extends Marked {
    private readonly buffer = Buffer.alloc(200);

    override fromConnectData(topic: string, schema: Schema | null, value: unknown): Buffer | null {
      const bytes = super.fromConnectData(topic, schema, value);
      return bytes && this.buffer.subarray(0, bytes.copy(this.buffer));
    }
  },
});

describe('bytes', () => {
  const bytesCheck = (Type: new () => Converter): Promise<void> | undefined =>
    checksOf(Type)
      .find(({ name }) => name.startsWith('bytes of every kind'))
      ?.run();

  test('that take long to read are named', async () => {
    const slow = class extends Marked {
      override toConnectData(topic: string, bytes: Buffer | null): SchemaAndValue {
        const endMs = Date.now() + ((bytes?.length ?? 0) > 10_000 ? 300 : 0);
        while (Date.now() < endMs);
        return super.toConnectData(topic, bytes);
      }
    };
    await expect(bytesCheck(slow)).rejects.toThrow(/^65536 bytes, .* took 3\d\d ms to be read$/);
  });

  test('that are refused by a converter that says to read any are named', async () => {
    const wrong = class extends Marked {
      override readonly readsAnyBytes = true;
    };
    await expect(bytesCheck(wrong)).rejects.toThrow('are refused, though readsAnyBytes is true');
  });
});

test('a header converter is checked by the same rules', async () => {
  class MarkedHeader implements HeaderConverter {
    private readonly converter = new Marked();
    config = (): ConfigDef => CONFIG;
    configure = (props: Props): void => this.converter.configure(props);
    fromConnectHeader = (topic: string, _key: string, schema: Schema | null, value: unknown): Buffer | null =>
      this.converter.fromConnectData(topic, schema, value);
    toConnectHeader = (topic: string, _key: string, bytes: Buffer | null): SchemaAndValue => this.converter.toConnectData(topic, bytes);
  }
  const checks = headerConverterChecks({
    plugin: { type: 'header_converter', className: 'test.Marked', version: '1', create: () => new MarkedHeader() },
    props: { mark: '!' },
    data: random => ({ schema: null, value: new Map([['text', randomText(random)]]) }),
  });
  expect(checks.map(({ name }) => name)).toEqual(checksOf(Marked).map(({ name }) => name));
  for (const { run } of checks) await run();
});

describe('bulk forms', () => {
  /** The same, for many at once. */
  class Bulk extends Marked {
    encode(topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
      if (column.kind !== 'values') return 0;
      let done = 0;
      try {
        for (; done < count && out.used < maxBytes; done++) out.append(this.fromConnectData(topic, null, column.values[from + done]));
      } catch (error) {
        if (done === 0) throw error;
      }
      return done;
    }

    decode(topic: string, payloads: ByteColumn, from: number, count: number, out: ByteColumn): number {
      for (let done = 0; done < count; done++) {
        try {
          const { value } = this.toConnectData(topic, payloads.at(from + done));
          out.append(value === null ? null : Buffer.from(javaText(value)));
        } catch {
          return done;
        }
      }
      return count;
    }
  }

  const failing = async (Type: new () => Converter): Promise<string[]> => (await failuresOf(checksOf(Type))).map(({ name }) => name);

  test('that do what the single ones do are found without fault', async () => {
    expect(checksOf(Bulk)).toHaveLength(checksOf(Marked).length + 2);
    expect(await failing(Bulk)).toEqual([]);
  });

  test('encode that writes a null as nothing, that appends before it throws, or that knows no limit is found', async () => {
    class Empty extends Bulk {
      override encode(topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
        if (column.kind !== 'none') return super.encode(topic, column, from, count, out, maxBytes);
        for (let i = 0; i < count; i++) out.append(Buffer.alloc(0));
        return count;
      }
    }
    class Hasty extends Bulk {
      override encode(topic: string, column: Column, from: number, count: number, out: ByteColumn, maxBytes: number): number {
        if (column.kind !== 'rows') return super.encode(topic, column, from, count, out, maxBytes);
        out.append(null);
        throw refuse('no rows');
      }
    }
    class Greedy extends Bulk {
      override encode(topic: string, column: Column, from: number, count: number, out: ByteColumn): number {
        return super.encode(topic, column, from, count, out, 1 << 30);
      }
    }
    for (const Type of [Empty, Hasty, Greedy]) expect(await failing(Type)).toEqual(['encode writes what fromConnectData writes']);
  });

  test('decode that begins with another payload is found', async () => {
    class Shifted extends Bulk {
      override decode(topic: string, payloads: ByteColumn, from: number, count: number, out: ByteColumn): number {
        return super.decode(topic, payloads, Math.max(1, from) - 1, count, out);
      }
    }
    expect(await failing(Shifted)).toEqual(['decode gives the texts of what toConnectData reads']);
  });
});
