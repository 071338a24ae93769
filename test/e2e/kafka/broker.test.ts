import { Broker } from '../../helpers/servers/broker';
import { consumeValues, produceValues } from '../../helpers/servers/kafka-io';

// What the fault tests rely on.
describe('a broker of its own', () => {
  let broker: Broker;
  beforeAll(async () => {
    broker = await Broker.start();
  });
  afterAll(() => broker.stop());

  test('keeps what was acknowledged over kill -9 and restart', async () => {
    await produceValues(broker.bootstrap, 'kept', ['one', 'two']);
    await broker.kill();
    await expect(consumeValues(broker.bootstrap, 'kept', 2, { timeoutMs: 100 })).rejects.toThrow();
    await broker.restart();
    expect(await consumeValues(broker.bootstrap, 'kept', 2)).toEqual(['one', 'two']);
  });

  test('answers nobody while it is frozen, and goes on afterwards', async () => {
    broker.pause();
    let answered = false;
    const written = produceValues(broker.bootstrap, 'frozen', ['late']).then(() => {
      answered = true;
    });
    await new Promise(done => setTimeout(done, 1000));
    expect(answered).toBe(false);
    broker.resume();
    await written;
    expect(await consumeValues(broker.bootstrap, 'frozen', 1)).toEqual(['late']);
  });
});
