import type { ConfigProvider } from '../../../src/api/config-provider';
import { createOverridePolicy } from '../../../src/config/clients/client-overrides';
import type { ConnectorProps } from '../../../src/config/connector-props';
import { ConfigTransformer } from '../../../src/config/providers/config-transformer';
import type { ConfigInfos } from '../../../src/config/validation/config-infos';
import { validateWithVariables } from '../../../src/config/validation/resolved-validation';
import { ConnectError } from '../../../src/errors';
import { stockPlugins } from '../../helpers/fakes/plugin-table';

const JSON_CONVERTER = 'org.apache.kafka.connect.json.JsonConverter';
const SECRETS: Readonly<Record<string, string>> = { tasks: '3', word: 'pa55-word', sink: 'FileStreamSink', part: 'pa55' };

function provider(get: ConfigProvider['get']): ConfigTransformer {
  return new ConfigTransformer(new Map([['p', { configure: () => {}, get, close: () => {} }]]));
}

function validate(props: ConnectorProps, transformer = provider(() => ({ data: SECRETS }))): Promise<ConfigInfos> {
  const worker = { keyConverter: JSON_CONVERTER, valueConverter: JSON_CONVERTER, headerConverter: JSON_CONVERTER };
  const policy = createOverridePolicy('All', []);
  return validateWithVariables({ props, plugins: stockPlugins(), worker, policy }, transformer);
}

const source = { name: 'a', 'connector.class': 'FileStreamSource', topic: 't' };
const settingOf = ({ configs }: ConfigInfos, key: string) => configs.find(({ value }) => value?.name === key)?.value;

test('what a variable stands for is checked, the variable is shown', async () => {
  const infos = await validate({ ...source, 'tasks.max': `\${p:tasks}`, topic: `x-\${p:word}` });
  expect(infos.error_count).toBe(0);
  expect([settingOf(infos, 'tasks.max')?.value, settingOf(infos, 'topic')?.value]).toEqual([`\${p:tasks}`, `x-\${p:word}`]);
});

test('also the class of the connector may be one', async () => {
  const infos = await validate({ name: 'a', 'connector.class': `\${p:sink}`, topics: 't' });
  expect(infos.configs.map(({ definition }) => definition?.name)).toContain('topics.regex');
});

test('no message tells the secret behind a variable', async () => {
  const infos = await validate({ ...source, 'tasks.max': `\${p:word}`, 'batch.size': `1\${p:part}`, 'errors.tolerance': `\${p:part}` });
  expect(infos.error_count).toBeGreaterThan(2);
  expect(JSON.stringify(infos)).not.toContain('pa55');
  expect(settingOf(infos, 'tasks.max')?.errors[0]).toBe(`Invalid value \${p:word} for configuration tasks.max: Not a number of type INT`);
});

test('nor does that on the override of a client', async () => {
  const key = 'producer.override.batch.size';
  const infos = await validate({ ...source, [key]: `\${p:word}` });
  expect(settingOf(infos, key)?.errors).toEqual([`Invalid value \${p:word} for configuration ${key}: Not a number of type INT`]);
});

test('a variable without a value is judged as the text that it is', async () => {
  const infos = await validate({ ...source, 'tasks.max': `\${p:nothing}` });
  expect(settingOf(infos, 'tasks.max')?.errors[0]).toBe(
    `Invalid value \${p:nothing} for configuration tasks.max: Not a number of type INT`,
  );
});

test('a provider that fails says why, and it is the mistake of who has named it', async () => {
  const transformer = provider(() => {
    throw new ConnectError('ConfigException', 'Could not read properties from file f', new Error('ENOENT: no such file'));
  });
  await expect(validate({ ...source, topic: `\${p:f:k}` }, transformer)).rejects.toMatchObject({
    code: 'BadRequestException',
    message: 'Could not read properties from file f (ENOENT: no such file)',
  });
});
