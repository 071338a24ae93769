import fs from 'node:fs';

/** A process and all its descendants that are alive, from /proc. */
export function processTree(pid: number): number[] {
  const tree = [pid];
  for (let i = 0; i < tree.length; i++) tree.push(...childrenOf(tree[i] ?? 0));
  return tree;
}

/** Resident memory of a process with its descendants, in KiB; 0 when it has ended. */
export function rssKiB(pid: number): number {
  return sum(processTree(pid), each => statusKiB(each, 'VmRSS'));
}

/** Peak resident memory (VmHWM) of a process with its descendants that are still alive, in KiB. */
export function peakRssKiB(pid: number): number {
  return sum(processTree(pid), each => statusKiB(each, 'VmHWM'));
}

/** CPU time (user and system) that a process with its descendants has used, in milliseconds. */
export function cpuMs(pid: number): number {
  return sum(processTree(pid), each => {
    const stat = readProc(each, 'stat');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * MS_PER_TICK;
  });
}

/** USER_HZ, which is 100 on all platforms that Node runs on. */
const MS_PER_TICK = 10;

function sum(pids: number[], value: (pid: number) => number): number {
  return pids.reduce((total, pid) => total + value(pid), 0);
}

function childrenOf(pid: number): number[] {
  try {
    return fs
      .readdirSync(`/proc/${pid}/task`)
      .flatMap(thread => fs.readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number));
  } catch {
    return []; // it ended meanwhile
  }
}

function statusKiB(pid: number, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(readProc(pid, 'status'))?.[1] ?? 0);
}

function readProc(pid: number, file: string): string {
  try {
    return fs.readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return ''; // it ended meanwhile
  }
}
