import { BigDecimal } from '../../src/data/java/big-numbers';
import { Int8, Int16 } from '../../src/data/java/boxed';
import { sinkRecord } from '../../src/testing/data/sample-records';
import { maskFieldPlugins } from '../../src/transforms/mask-field';
import { configured } from '../helpers/fakes/configured';

const maskedField = (config: Readonly<Record<string, string>>, value: unknown): unknown => {
  const { value: masked } = configured(maskFieldPlugins, 'MaskField$Value', { fields: 'a', ...config }).apply(
    sinkRecord({ value: new Map([['a', value]]) }),
  );
  return masked instanceof Map ? masked.get('a') : undefined;
};

test('each record gets empty containers and dates of its own, so that nobody can spoil those of another', () => {
  const mask = configured(maskFieldPlugins, 'MaskField$Value', { fields: 'list,map,date' });
  const masked = (): Map<string, unknown> => {
    const value = new Map<string, unknown>([
      ['list', [1]],
      ['map', new Map([['secret', 1]])],
      ['date', new Date(5)],
    ]);
    return mask.apply(sinkRecord({ value })).value as Map<string, unknown>;
  };
  const first = masked();
  (first.get('list') as unknown[]).push('spoiled');
  (first.get('map') as Map<string, unknown>).set('spoiled', true);
  (first.get('date') as Date).setTime(99);
  expect(masked()).toEqual(
    new Map<string, unknown>([
      ['list', []],
      ['map', new Map()],
      ['date', new Date(0)],
    ]),
  );
});

test('a replacement is cut down to the class of the value that it hides', () => {
  expect(maskedField({ replacement: '70000.9' }, Int8.of(1))).toEqual(Int8.of(112));
  expect(maskedField({ replacement: '70000.9' }, Int16.of(1))).toEqual(Int16.of(4464));
  expect(maskedField({ replacement: '70000.9' }, new BigDecimal(1n, 0))).toEqual(new BigDecimal(700009n, 1));
});

test('a replacement that says no number fails only where a number is hidden', () => {
  expect(maskedField({ replacement: 'xxx' }, 'secret')).toBe('xxx');
  expect(() => maskedField({ replacement: 'xxx' }, 5n)).toThrow('Unable to convert xxx (class java.lang.String) to a number');
});
