import TestRunner from 'jest-runner';

/** Jest's runner, one test file after another: these tests measure times, and need the machine for themselves. */
class AloneRunner extends TestRunner {
  override readonly isSerial = true;
}

module.exports = AloneRunner;
