import { loadDriver, refuseOtherNode } from '../../../../src/connectors/jdbc/database/driver';

test('a driver of another Node is told apart, with what to do', () => {
  const thrown = new Error("The module 'x.node' was compiled against a different Node.js version using NODE_MODULE_VERSION 115.");
  expect(() => refuseOtherNode('better-sqlite3', thrown)).toThrow(/compiled for another Node than this one .*npm rebuild better-sqlite3/);
  expect(() => refuseOtherNode('better-sqlite3', new Error('no such file'))).not.toThrow();
});

test('a driver that is not there says what to install', () => {
  const load = (): never => {
    throw new Error('Cannot find module');
  };
  expect(() => loadDriver('pg', load)).toThrow('npm install pg');
});
