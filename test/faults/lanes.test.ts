import { setTimeout as sleep } from 'node:timers/promises';
import type { Arena } from './arena/arena';
import type { Fault, Outcome } from './fault';
import { type Job, runInLanes } from './lanes';
import { holds } from './report';

const clean: Outcome = { lost: 0, duplicated: 0, reordered: 0, mayRepeat: 'none', tooMany: 0, note: '' };

let running: string[];
let seen: string[];
let arenas: Map<string, Arena>;
beforeEach(() => {
  [running, seen, arenas] = [[], [], new Map()];
});

/** A fault that notes what else runs while it does. */
function job(name: string, ms: number, more: Partial<Fault> = {}): Job {
  const run: Fault['run'] = async ({ arena }) => {
    arenas.set(name, arena);
    running.push(name);
    seen.push(running.toSorted().join(' '));
    await sleep(ms);
    running.splice(running.indexOf(name), 1);
    return clean;
  };
  return { fault: { name, numbers: [], what: '', modes: [], short: [], run, ...more }, mode: 'at-least-once' };
}

test('rows come in the order of the jobs, however long each takes', async () => {
  const jobs = [job('slow', 150), job('alone', 1, { alone: true }), job('quick', 1), job('last', 1)];
  const rows = await runInLanes(jobs, { lanes: 2, scale: 'usual' });
  expect(rows.map(({ fault }) => fault.name)).toEqual(['slow', 'alone', 'quick', 'last']);
  expect(rows.every(holds)).toBe(true);
});

test('as many run at a time as there are lanes, each lane with an arena of its own; what has to be alone is', async () => {
  await runInLanes([job('a', 50), job('x', 50, { alone: true }), job('b', 50), job('y', 1, { alone: true }), job('c', 1)], {
    lanes: 2,
    scale: 'usual',
  });
  expect(seen.filter(each => each.split(' ').length > 2)).toEqual([]);
  expect(seen).toContain('a b');
  expect(seen.slice(-2)).toEqual(['x', 'y']);
  expect(arenas.get('a')).not.toBe(arenas.get('b'));
  expect(arenas.get('x')).toBe(arenas.get('y'));
});

test('the short form has no time for faults alone', async () => {
  await runInLanes([job('a', 50), job('x', 50, { alone: true })], { lanes: 2, scale: 'short' });
  expect(seen).toContain('a x');
});

test('a fault that fails is a row that does not hold; those after it get another arena, since it may have spoiled its own', async () => {
  const spoil: Fault['run'] = async ({ arena }) => {
    arenas.set('spoils', arena);
    throw new Error('the broker is dead');
  };
  const lost: Fault['run'] = async ({ arena }) => {
    arenas.set('loses', arena);
    return { ...clean, lost: 1 };
  };
  const jobs = [job('first', 1), job('spoils', 1, { run: spoil }), job('loses', 1, { run: lost }), job('last', 1)];
  const rows = await runInLanes(jobs, { lanes: 1, scale: 'usual' });
  expect(rows.map(holds)).toEqual([true, false, false, true]);
  expect(rows[1]?.outcome).toEqual({ error: 'the broker is dead' });
  expect(arenas.get('first')).toBe(arenas.get('spoils'));
  expect(new Set(arenas.values()).size).toBe(3);
});
