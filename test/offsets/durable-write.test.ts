import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileOffsetStore } from '../../src/offsets/file-offset-store';
import { collectLog, makeFolder, noLock } from './helpers';

const WRITER = join(__dirname, 'crash-writer.js');
const KILLS = 60;

/** Runs the writer and kills it after a while. @returns the last generation that it called safe */
async function writeAndKill(path: string, first: number, afterMs: number): Promise<number> {
  const child = spawn(process.execPath, [WRITER, path, String(first)], { stdio: ['ignore', 'pipe', 'inherit'], cwd: join(path, '..') });
  let output = '';
  let armed = false;
  child.stdout.on('data', (data: Buffer) => {
    output += data.toString();
    if (!armed) setTimeout(() => child.kill('SIGKILL'), afterMs);
    armed = true;
  });
  await new Promise(resolve => child.on('close', resolve));
  return Number(output.trim().split('\n').at(-1));
}

test('after kill -9 at any moment there is the last safe generation or the one after it, known as our own', async () => {
  const folder = makeFolder();
  const path = join(folder, 'offsets');
  // Were a generation taken for Java's, every number would be converted: this file has no line start but 0.
  writeFileSync(join(folder, 'umlaute.txt'), 'ä'.repeat(100_000));
  let first = 1;
  for (let kill = 0; kill < KILLS; kill++) {
    const safe = await writeAndKill(path, first, Math.random() * 25);
    const lines = collectLog();
    const store = await FileOffsetStore.open(path, { takeLock: noLock });
    const found = store.offset('c', '{"filename":"umlaute.txt"}');
    expect([safe, safe + 1].map(position => JSON.stringify({ position }))).toContain(found);
    expect(store.offset('d', '{"filename":"umlaute.txt"}')).toBe(found);
    expect(lines.filter(line => !line.startsWith('INFO') || line.includes('another program'))).toEqual([]);
    await store.close();
    first = safe + 2;
  }
}, 120_000);
