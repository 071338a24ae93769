import type { ConfigProvider } from '../../../src/api/config-provider';
import { ConfigTransformer } from '../../../src/config/providers/config-transformer';
import { tableProvider } from '../../helpers/vectors/config-vectors';
import { readVectors, type VectorCase, variable } from '../../helpers/vectors/fixtures';

interface TransformerCase
  extends VectorCase<Record<string, string | null>, { data: Record<string, string | null>; ttls: Record<string, string> }> {
  readonly providers: Record<string, Parameters<typeof tableProvider>[0]>;
}

describe('transform agrees with Java', () => {
  test.each(readVectors<TransformerCase>('config/ConfigTransformer.json'))('$name', ({ providers, input, expect: wanted }) => {
    const table = new Map(Object.entries(providers).map(([name, values]) => [name, tableProvider(values)]));
    const { data, ttlsMs } = new ConfigTransformer(table).transform(input);
    expect(data).toEqual(wanted?.data);
    expect(Object.fromEntries([...ttlsMs].map(([path, ms]) => [path, String(ms)]))).toEqual(wanted?.ttls);
  });
});

test('each provider is asked once for each path, with all keys', () => {
  const asked: [string, string[]][] = [];
  const provider: ConfigProvider = {
    ...tableProvider({}),
    get: (path, keys) => {
      asked.push([path, [...keys]]);
      return { data: {} };
    },
  };
  new ConfigTransformer(new Map([['p', provider]])).transform({
    a: `${variable('p:x:k1')} ${variable('p:x:k2')}`,
    b: variable('p:x:k1'),
    c: variable('p:k3'),
  });
  expect(asked).toEqual([
    ['x', ['k1', 'k2']],
    ['', ['k3']],
  ]);
});

describe('what one set of settings may ask for', () => {
  const supply = (value: string, bytesRead = 0): ConfigTransformer =>
    new ConfigTransformer(
      new Map([
        [
          'p',
          {
            ...tableProvider({}),
            get: (_: string, keys: ReadonlySet<string>) => ({ data: Object.fromEntries([...keys].map(key => [key, value])), bytesRead }),
          },
        ],
      ]),
    );
  const times = (count: number, text: (i: number) => string): string => Array.from({ length: count }, (_, i) => text(i)).join('');

  test('500 values, however they are named; what no provider is asked for does not count', () => {
    const asked = (count: number, name: string) => ({ a: times(count, i => variable(`${name}:k${i % 7}`)) });
    expect(supply('v').transform(asked(500, 'p')).data.a).toBe('v'.repeat(500));
    expect(() => supply('v').transform(asked(501, 'p'))).toThrow('The variables of these settings ask for more than 500 values');
    expect(supply('v').transform(asked(5000, 'q')).data).toEqual(asked(5000, 'q'));
  });

  test('4 MiB of files, and as much of values', () => {
    const mib = 1024 * 1024;
    expect(() => supply('v', mib).transform({ a: times(5, i => variable(`p:/f${i}:k`)) })).toThrow(
      'files of more than 4194304 bytes altogether',
    );
    expect(() => supply('v'.repeat(mib)).transform({ a: times(500, () => variable('p:k')) })).toThrow(
      'more than 4194304 characters altogether',
    );
  });
});
