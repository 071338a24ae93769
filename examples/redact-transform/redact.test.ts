/** The plugin does what every transformation must do: `npm test`. */
import assert from 'node:assert';
import { test } from 'node:test';
import { STRING_SCHEMA } from 'connect-standalone/api';
import { sourceRecord, transformationChecks } from 'connect-standalone/testing';
import { redactPlugin } from './redact.js';

const props = { pattern: 'password=\\S+' };
const line = sourceRecord({ valueSchema: STRING_SCHEMA, value: 'login user=ada password=secret' });

const checks = transformationChecks({ plugin: redactPlugin, props, badSettings: { pattern: '(' }, samples: [line] });
for (const { name, run } of checks) test(name, run);

test('a password becomes three stars', () => {
  const redact = redactPlugin.create();
  redact.configure(props);
  assert.strictEqual(redact.apply(line)?.value, 'login user=ada ***');
});
