import { describeIdleConnectorKeys } from '../../../src/config/keys/idle-keys';

test('settings that do nothing are named, those of the other kind with what serves instead', () => {
  const config = { name: 'a', 'config.action.reload': 'none', 'source.deadletters.file': '/f', 'source.deadletters.topic.name': 't' };
  expect(describeIdleConnectorKeys(config, 'sink')).toBe(
    'these have no effect in this worker: config.action.reload; these are for sources, a sink has errors.deadletterqueue.topic.name: ' +
      'source.deadletters.file, source.deadletters.topic.name',
  );
  expect(describeIdleConnectorKeys(config, 'source')).toBe('these have no effect in this worker: config.action.reload');
  expect(describeIdleConnectorKeys({ name: 'a', topic: 't' }, 'source')).toBe('');
});
