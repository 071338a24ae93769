import type { ConfigValue } from '../../../src/api/config-def';
import { SINK_KEYS, validateSink } from '../../../src/config/keys/sink-keys';

function errorsOf(props: Record<string, string>): Record<string, readonly string[]> {
  const values = new Map<string, ConfigValue>(
    SINK_KEYS.map(({ name }) => [name, { name, value: props[name] ?? null, recommendedValues: [], errors: [], visible: true }]),
  );
  validateSink(props, values);
  return Object.fromEntries([...values].filter(([, { errors }]) => errors.length > 0).map(([name, { errors }]) => [name, errors]));
}

test('A pattern that does not come to an end on the dead letter topic is an error of topics.regex', () => {
  const topic = `${'a'.repeat(40)}!`;
  const errors = errorsOf({ 'topics.regex': '(.*a){14}x', 'errors.deadletterqueue.topic.name': topic });
  expect(errors).toEqual({
    'topics.regex': [
      expect.stringMatching(
        /^Invalid value \(\.\*a\)\{14\}x for configuration topics\.regex: The regular expression .* takes more than \d+ /,
      ),
    ],
  });
});

test('A pattern that matches the dead letter topic is an error, one that is malformed is not reported again', () => {
  expect(errorsOf({ 'topics.regex': '.*', 'errors.deadletterqueue.topic.name': 'dlq' })['topics.regex']).toHaveLength(1);
  expect(errorsOf({ 'topics.regex': '(', 'errors.deadletterqueue.topic.name': 'dlq' })).toEqual({});
});
