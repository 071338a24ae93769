import type { ConfigProvider } from '../../../src/config/providers/config-provider';
import { ConfigTransformer, reverseTransform } from '../../../src/config/providers/config-transformer';
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

test('reverseTransform puts variables back where the connector kept the key', () => {
  const raw = { password: variable('file:/x:pw'), url: 'u' };
  const tasks = [{ password: 'secret', url: 'u', task: '0' }, { task: '1' }];
  expect(reverseTransform(raw, tasks)).toEqual([{ password: variable('file:/x:pw'), url: 'u', task: '0' }, { task: '1' }]);
});
