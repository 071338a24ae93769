/** What preload.ts does inside a worker, and how a worker is given it. */
import { join } from 'node:path';

export type FaultPlan =
  | {
      readonly kind: 'kill-at-step';
      /** Path of the offset file; those beside it begin with it. */
      readonly prefix: string;
      /** Which save, counted from 1. */
      readonly save: number;
      /** Before which of its steps, counted from 1; a negative one dies in the middle of that write; 0 for none. */
      readonly step: number;
      /** Receives the steps of that save, a line each. */
      readonly stepsFile: string;
    }
  | { readonly kind: 'fail-while'; readonly prefix: string; readonly code: string; readonly switchFile: string }
  | { readonly kind: 'shift-clock'; readonly shiftFile: string }
  /** Once the file is there, each thread that runs JavaScript stands still for this many ms. */
  | { readonly kind: 'stall'; readonly switchFile: string; readonly ms: number };

/** The environment of a worker to which this happens. */
export function planEnv(plan: FaultPlan): Record<string, string> {
  return { NODE_OPTIONS: `--require ${join(__dirname, 'preload.js')}`, FAULT_PLAN: JSON.stringify(plan) };
}
