import TestRunner from 'jest-runner';

/**
 * Jest's runner under a name of its own, so that Jest does not begin end-to-end tests beside the unit tests. Two files run side by
 * side (`maxWorkers`), each against a broker of its own: most of their time is waiting.
 */
module.exports = TestRunner;
