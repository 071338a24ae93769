import { ConnectError, fromEnvelope, isRetriable, JAVA_CLASS_OF, javaStackTrace, toEnvelope, toError } from '../src/errors';

describe('javaStackTrace', () => {
  test('has the class, the message, frames, and each cause', () => {
    const cause = new TypeError('inner');
    const error = new ConnectError('ConnectException', 'outer', new ConnectError('DataException', 'middle', cause));
    const lines = javaStackTrace(error).split('\n');
    expect(lines[0]).toBe('org.apache.kafka.connect.errors.ConnectException: outer');
    expect(lines.filter(line => !line.startsWith('\tat '))).toEqual([
      'org.apache.kafka.connect.errors.ConnectException: outer',
      'Caused by: org.apache.kafka.connect.errors.DataException: middle',
      'Caused by: java.lang.RuntimeException: inner',
      '',
    ]);
    expect(lines.filter(line => line.startsWith('\tat ')).length).toBeGreaterThan(3);
  });

  test('an error without text has only its class; what is no error is shown as text', () => {
    expect(javaStackTrace(new ConnectError('ConnectException', '')).split('\n')[0]).toBe(
      'org.apache.kafka.connect.errors.ConnectException',
    );
    expect(javaStackTrace('thrown text').split('\n')[0]).toBe('java.lang.RuntimeException: thrown text');
  });

  test('ends also where causes form a circle', () => {
    const one = new Error('one') as Error & { cause?: unknown };
    one.cause = new Error('two', { cause: one });
    expect(javaStackTrace(one).match(/^(Caused by: )?java/gm)).toHaveLength(2);
    expect(fromEnvelope(structuredClone(toEnvelope(one))).message).toBe('one');
  });
});

describe('envelopes', () => {
  test.each(Object.keys(JAVA_CLASS_OF) as (keyof typeof JAVA_CLASS_OF)[])('%s comes back as itself', code => {
    const error = new ConnectError(code, 'text', new Error('why'));
    const back = fromEnvelope(structuredClone(toEnvelope(error)));
    expect(back).toBeInstanceOf(ConnectError);
    expect(javaStackTrace(back)).toBe(javaStackTrace(error));
    expect(isRetriable(back)).toBe(code === 'RetriableException');
  });

  test('errors of others keep name, text and stack', () => {
    const error = Object.assign(new TypeError('no function'), { name: 'com.example.Odd' });
    const back = fromEnvelope(structuredClone(toEnvelope(error)));
    expect([back.name, back.message, back.stack]).toEqual(['com.example.Odd', 'no function', error.stack]);
  });

  test.each([undefined, null, 5, 'text', Symbol('s'), { toString: () => 'odd' }])('what is thrown without being an error: %p', thrown => {
    expect(fromEnvelope(toEnvelope(thrown)).message).toBe(toError(thrown).message);
  });
});
