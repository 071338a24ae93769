/**
 * Entry of a task thread: runs the tasks that the main thread starts here, and ends when it is told to. Everything it says to the main
 * thread is in thread/messages.ts.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { isMainThread, parentPort, workerData } from 'node:worker_threads';
import { trimHeaps } from '../libc';
import { copyLogLevels, onNewLoggers, setLogLevel, setLogSink } from '../log';
import { openGate } from '../thread/gate';
import type { MainToThread, TaskSpec, TaskThreadData, ThreadToMain } from '../thread/messages';
import { collectAtRest } from '../thread/rest-collection';
import { watchSignals } from '../thread/signal-watch';
import { loadFor, TaskRunner } from './task-runner';

if (isMainThread || !parentPort) throw new Error('task-thread runs only as a worker thread of connect-standalone');
const port = parentPort;
const post = (message: ThreadToMain): void => port.postMessage(message);

const tasks = new Map<number, TaskRunner>();
/** Which task a timer or promise comes from, in a thread that several may share. */
const currentTask = new AsyncLocalStorage<TaskRunner>();

function start(number: number, spec: TaskSpec): void {
  const task = new TaskRunner(
    spec,
    message => post({ type: 'task', number, message }),
    () => tasks.delete(number),
  );
  tasks.set(number, task);
  // What the storage costs each promise is saved where a task is alone.
  if (spec.mayShareThread) void currentTask.run(task, () => task.run());
  else void task.run();
}

/** An error in none of our calls fails the task that has started what has thrown; where nobody knows which, all of the thread. */
function failFromOutside(error: unknown): void {
  const culprit = currentTask.getStore();
  for (const task of culprit ? [culprit] : [...tasks.values()]) task.fail(error);
}

function obey(message: MainToThread): void {
  switch (message.type) {
    case 'start':
      copyLogLevels(message.logLevels);
      start(message.number, message.spec);
      break;
    case 'task':
      tasks.get(message.number)?.receive(message.message);
      break;
    case 'log-level':
      setLogLevel(message.logger, message.level);
      break;
    case 'expect':
      loadFor(message.kind);
      break;
    case 'ask':
      post({ type: 'alive' });
      break;
    case 'end':
      // Whatever a plugin has left open: a socket, a timer.
      process.exit(0);
      break;
    default:
      message satisfies never;
  }
}

setLogSink(entry => post({ type: 'log', entry }));
onNewLoggers(names => post({ type: 'loggers', names }));
process.on('uncaughtException', failFromOutside);
process.on('unhandledRejection', failFromOutside);
port.on('message', obey);
openGate((workerData as TaskThreadData).gate);
post({ type: 'ready' });
watchSignals(null);
collectAtRest(trimHeaps);
