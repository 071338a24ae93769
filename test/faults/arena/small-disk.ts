/** A small file system in memory on a folder of its own, where we may mount one: it can be full, or read-only as after errors. */
import { spawnSync } from 'node:child_process';
import { runCommand } from '../../helpers/processes/child';
import { TempDir } from '../../helpers/temp-dir';
import { waitFor } from '../../helpers/wait-for';

/** Folders that something is mounted on; unmounted when the process ends at the latest. */
const mounted: string[] = [];

/** Runs something in such a folder, and unmounts it however that ends. */
export async function onSmallDisk<T>(run: (folder: string) => Promise<T>): Promise<T> {
  const dir = new TempDir('disk');
  await mount(dir.path, '-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', dir.path);
  try {
    return await run(dir.path);
  } finally {
    while (mounted.includes(dir.path)) await unmount(dir.path);
    dir.remove();
  }
}

/**
 * Makes a mounted folder read-only: a read-only view of it is laid over it, since the file system itself would be busy with files that
 * are open for writing, such as the worker's lock.
 */
export async function makeReadOnly(folder: string): Promise<void> {
  await mount(folder, '--bind', folder, folder);
  // Refused while a file is open for writing by the new way, such as by a save that is just under way.
  await waitFor('a view that may not be written', () => mount(null, '-o', 'remount,bind,ro', folder).then(() => true), { everyMs: 5 });
}

/** Takes away what was mounted on a folder last. */
export async function unmount(folder: string): Promise<void> {
  await runCommand('umount', ['-l', folder]);
  const at = mounted.lastIndexOf(folder);
  if (at >= 0) mounted.splice(at, 1);
}

/** @param folder what is mounted on from now on, if that is new */
async function mount(folder: string | null, ...args: string[]): Promise<void> {
  const { code, stderr } = await runCommand('mount', args);
  if (code !== 0) throw new Error(`this fault needs the right to mount a small file system: ${stderr}`);
  // Before those that remove temporary folders.
  if (mounted.length === 0) process.prependOnceListener('exit', unmountAll);
  if (folder !== null) mounted.push(folder);
}

function unmountAll(): void {
  for (const folder of mounted.splice(0).reverse()) spawnSync('umount', ['-l', folder]);
}
