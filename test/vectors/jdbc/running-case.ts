/** What running cases of sources and sinks have in common: the state of a task, and waiting until it stays as it is. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { WorkerProcess } from '../../helpers/processes/worker-process';
import { type Facts, sameFacts } from './facts';

/** Where cases run. */
export interface Place {
  readonly worker: WorkerProcess;
  readonly bootstrap: string;
}

/** States of a connector and of its only task. */
export interface TaskState {
  readonly connector?: string | undefined;
  readonly task?: string | undefined;
  /** Why it has failed: class and message of the innermost error that is our own. */
  readonly error?: string | undefined;
  /** The stack trace. */
  readonly trace?: string | undefined;
}

/** How long nothing more must come. */
const QUIET_MS = 700;
/** How long, and how often, nothing changes before what was expected is given up: a machine under load looks rarely. */
const IDLE_MS = 8000;
const IDLE_LOOKS = 20;
const GIVE_UP_MS = 120_000;
const EVERY_MS = 150;

/** The state as REST tells it. */
export async function taskState(worker: WorkerProcess, connector: string): Promise<TaskState> {
  const status = (await worker.get(`/connectors/${connector}/status`)).json as
    | { connector: { state: string }; tasks: { state: string; trace?: string }[] }
    | undefined;
  return { connector: status?.connector?.state, task: status?.tasks?.[0]?.state, trace: status?.tasks?.[0]?.trace };
}

/** Messages of a stack trace, from the outermost error to the innermost: `class: message`. */
export function messagesOf(trace: string): string[] {
  return trace
    .split('\n')
    .filter((line, i) => i === 0 || line.startsWith('Caused by: '))
    .map(line => line.replace('Caused by: ', ''));
}

/** Why a task has failed: the error behind the sentence that it has. */
export function errorOf({ trace }: TaskState): { error?: string } {
  if (trace === undefined) return {};
  const [, reason] = messagesOf(trace);
  return { error: reason ?? trace.split('\n')[0] ?? '' };
}

/** The facts whose names do, or do not, begin like this. */
interface Part {
  readonly onlyBefore?: string;
  readonly onlyWith?: string;
}

function partOf(facts: Facts, { onlyBefore, onlyWith }: Part): Facts {
  const wanted = (name: string): boolean =>
    onlyWith !== undefined ? name.startsWith(onlyWith) : onlyBefore === undefined || !name.startsWith(onlyBefore);
  return Object.fromEntries(Object.entries(facts).filter(([name]) => wanted(name)));
}

/** Looks until the facts are as expected and stay so, or until they do not change any more. @returns the last ones */
export async function settle(look: () => Promise<Facts>, expected: Facts, part: Part = {}): Promise<Facts> {
  const wanted = partOf(expected, part);
  const started = Date.now();
  let last: Facts = {};
  let [since, looks] = [started, 0];
  for (;;) {
    const facts = await look();
    const now = Date.now();
    [since, looks] = sameFacts(facts, last) ? [since, looks + 1] : [now, 0];
    last = facts;
    const isIdle = now - since >= IDLE_MS && looks >= IDLE_LOOKS;
    if (sameFacts(facts, wanted) ? now - since >= QUIET_MS : isIdle) return facts;
    if (now - started >= GIVE_UP_MS) return facts;
    await sleep(EVERY_MS);
  }
}
