import { execFileSync } from 'node:child_process';
import { chownSync } from 'node:fs';
import type { TempDir } from '../temp-dir';

/** Users that servers may run as when we are root, which they refuse; the first one there is counts. */
const CANDIDATES = ['postgres', 'mysql', 'nobody'];

interface Account {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

function accountOf(name: string): Account | null {
  try {
    const id = (flag: string): number =>
      Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
    return { name, uid: id('-u'), gid: id('-g') };
  } catch {
    return null;
  }
}

/** Whom a database server runs as: us, or another user where we are root. The folder is given to that user. */
export function serverAccount(dir: TempDir): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const account = CANDIDATES.map(accountOf).find(candidate => candidate !== null);
  if (!account) throw new Error(`none of the users ${CANDIDATES.join(', ')} exists to run a server as`);
  chownSync(dir.path, account.uid, account.gid);
  return { uid: account.uid, gid: account.gid };
}
