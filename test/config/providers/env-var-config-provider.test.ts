import { EnvVarConfigProvider } from '../../../src/config/providers/env-var-config-provider';

test('allowlist.pattern takes whole names of variables that are set', () => {
  const provider = new EnvVarConfigProvider({ DB_USER: 'u', DB_PASSWORD: 'p', OTHER: 'x', DB_GONE: undefined });
  provider.configure({ 'allowlist.pattern': 'DB_.*' });
  expect(provider.get('', new Set(['DB_USER', 'OTHER', 'DB_GONE']))).toEqual({ data: { DB_USER: 'u' } });
});

test.each([
  ['(.*a){14}x', [`${'a'.repeat(60)}`]],
  ['(.*a){4}x', Array.from({ length: 2000 }, (_, i) => `${'a'.repeat(44)}-${i}`)],
])('allowlist.pattern %s that goes back over names again and again fails soon', (pattern, names) => {
  const provider = new EnvVarConfigProvider(Object.fromEntries(names.map(name => [name, ''])));
  const begin = process.cpuUsage().user;
  expect(() => provider.configure({ 'allowlist.pattern': pattern })).toThrow(/takes more than \d+ steps/);
  expect(process.cpuUsage().user - begin).toBeLessThan(8_000_000);
});
