import { RepeatFilter } from '../../../src/kafka/native/repeat-filter';
import { fakeLogger } from '../../helpers/fakes/fake-logger';

describe('RepeatFilter', () => {
  test('a broker that is down for an hour takes a line a minute, and says how many it stands for', () => {
    const logger = fakeLogger();
    let now = 0;
    const filter = new RepeatFilter(logger, () => now);
    for (; now < 3_600_000; now += 1000) filter.warn(`127.0.0.1:9092/bootstrap: Connect failed (after ${now % 7}ms in state CONNECT)`);
    expect(logger.lines).toHaveLength(60);
    expect(logger.lines[1]).toMatch(/\(59 more like it in the last minutes\)$/);
  });

  test('different lines pass, equal ones do not, whatever their level', () => {
    const logger = fakeLogger();
    const filter = new RepeatFilter(logger, () => 0);
    filter.warn('one');
    filter.info('two');
    filter.warn('one');
    filter.info('two');
    filter.debug('two');
    expect(logger.lines).toEqual(['WARN one', 'INFO two', 'DEBUG two']);
  });

  test('its memory is bounded', () => {
    const logger = fakeLogger();
    const filter = new RepeatFilter(logger, () => 0);
    const name = (i: number): string => String.fromCharCode(97 + (i % 26), 97 + (Math.floor(i / 26) % 26));
    for (let i = 0; i < 600; i++) filter.warn(name(i));
    expect(logger.lines).toHaveLength(600);
    filter.warn(name(599));
    expect(logger.lines).toHaveLength(600);
  });
});
