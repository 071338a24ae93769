/** Child of file-lock.test: takes the lock, says `locked` or why not, and holds it until it is killed. Argument: path. */
import { lockFile } from '../../src/offsets/file-lock';

const path = String(process.argv[2]);
lockFile(`${path}.lock`, path).then(
  () => {
    process.stdout.write('locked\n');
    setInterval(() => undefined, 1000);
  },
  (error: Error) => {
    process.stdout.write(`${error.name}: ${error.message}\n`);
  },
);
