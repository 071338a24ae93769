import TestRunner from 'jest-runner';

/** Jest's runner, one test file after another: e2e tests share a broker, two cores and the clock. */
class SerialRunner extends TestRunner {
  override readonly isSerial = true;
}

module.exports = SerialRunner;
