import fs from 'node:fs';
import { Wake } from '../../../src/task/shared/wake';
import { runCommand } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';

describe('Wake', () => {
  const dir = new TempDir('wake');
  let pipe: { readonly readFd: number; readonly writeFd: number };
  let wake: Wake;
  beforeAll(async () => {
    await runCommand('mkfifo', [dir.file('pipe')]);
  });
  afterAll(() => dir.remove());
  beforeEach(() => {
    const { O_RDONLY, O_WRONLY, O_NONBLOCK } = fs.constants;
    const readFd = fs.openSync(dir.file('pipe'), O_RDONLY | O_NONBLOCK);
    pipe = { readFd, writeFd: fs.openSync(dir.file('pipe'), O_WRONLY | O_NONBLOCK) };
    wake = new Wake(pipe.readFd);
  });
  afterEach(() => {
    wake.close();
    fs.closeSync(pipe.writeFd);
  });

  const waited = async (timeoutMs: number): Promise<number> => {
    const started = Date.now();
    await wake.wait(timeoutMs);
    return Date.now() - started;
  };

  test('a byte in the pipe ends the wait', async () => {
    let woken = 0;
    wake.onWake = () => woken++;
    setTimeout(() => fs.writeSync(pipe.writeFd, 'x'), 20);
    expect(await waited(5000)).toBeLessThan(2000);
    expect(woken).toBe(1);
  });

  test('what was said before the wait ends it at once, and only the first', async () => {
    wake.notify();
    expect(await waited(5000)).toBeLessThan(1000);
    expect(await waited(50)).toBeGreaterThanOrEqual(45);
  });

  test('a wait that was given up takes no wake-up from the next one', async () => {
    const givenUp = wake.wait(30);
    const next = waited(5000);
    await givenUp;
    wake.notify();
    expect(await next).toBeLessThan(2000);
  });
});
