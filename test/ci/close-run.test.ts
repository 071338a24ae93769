import { closingLine, tallyJest, tallySuite } from './close-run';

describe('the closing line', () => {
  test('adds up all parts', () => {
    const suite = tallySuite('conformance', 'ok - a: x\nnot ok - a: y\nnot ok - a: z\n', '# later\na: z\n');
    const jest = tallyJest(JSON.stringify({ success: true, numPassedTests: 5, numFailedTests: 0, numPendingTests: 1 }));
    expect(closingLine([jest, suite])).toBe('6 passed, 1 failed, 2 skipped');
    expect(suite.remarks).toEqual(['conformance: failed: a: y', 'conformance: 1 cases do not hold yet, as listed']);
  });

  test('says nothing of skipped tests when there are none', () => {
    expect(closingLine([{ passed: 2, failed: 0, skipped: 0, remarks: [] }])).toBe('2 passed, 0 failed');
  });
});

describe('a run of Jest counts as failed', () => {
  const cases = [
    ['when it left no report', undefined, 1],
    ['when a test failed', { success: false, numPassedTests: 1, numFailedTests: 2 }, 2],
    ['when a test file could not be loaded', { success: false, numFailedTests: 0, numRuntimeErrorTestSuites: 1 }, 1],
    ['when it says so for another reason', { success: false, numPassedTests: 9, numFailedTests: 0 }, 1],
  ] as const;
  test.each(cases)('%s', (_, report, failed) => {
    expect(tallyJest(report && JSON.stringify(report)).failed).toBe(failed);
  });
});
