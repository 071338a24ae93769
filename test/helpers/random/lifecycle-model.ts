/** What a connector must be after requests, taken one by one: the specification that the worker under random requests is held against. */

/** Settings of one configuration, as far as they matter here. */
export interface ModelSettings {
  /** Tells configurations apart. */
  readonly v: string;
  readonly tasks: number;
  /** The method that throws, if any; `validate` refuses. */
  readonly fails: 'none' | 'validate' | 'start' | 'taskConfigs' | 'stop';
}

export const REQUEST_KINDS = [
  'create',
  'create paused',
  'create stopped',
  'put',
  'patch',
  'pause',
  'resume',
  'stop',
  'restart',
  'restart all',
  'restart task',
  'reset offsets',
  'delete',
  'status',
  'offsets',
] as const;

export interface ModelRequest {
  readonly kind: (typeof REQUEST_KINDS)[number];
  readonly settings: ModelSettings;
}

/** A configured connector; null stands for none. */
export interface ModelConnector {
  readonly settings: ModelSettings;
  readonly target: 'STARTED' | 'PAUSED' | 'STOPPED';
  readonly failed: boolean;
  /** True while there is an instance whose `stop` will be called. */
  readonly running: boolean;
  /** Number of tasks, and the configuration they were made from. */
  readonly tasks: number;
  readonly tasksOf: string;
}

export type Model = ModelConnector | null;

/** The answers that may come, and the state after it. */
export interface Step {
  readonly statuses: readonly number[];
  readonly next: Model;
}

/**
 * Takes one request.
 * @param existed whether there was a connector at some time while this request was on its way: pause and resume may then have been
 *   accepted before their turn
 */
export function take(model: Model, request: ModelRequest, existed: boolean): Step {
  const { kind, settings } = request;
  if (settings.fails === 'validate' && (kind === 'put' || kind.startsWith('create'))) return { statuses: [400], next: model };
  if (!model) return takeByNone(kind, settings, existed);
  switch (kind) {
    case 'put':
      return startAnew({ ...model, settings }, 200);
    case 'patch':
      return startAnew({ ...model, settings: { ...model.settings, v: settings.v } }, 200);
    case 'pause':
      return { statuses: [202], next: suspend(model, 'PAUSED') };
    case 'resume':
      return { statuses: [202], next: resume(model) };
    case 'stop':
      return { statuses: [204], next: { ...suspend(model, 'STOPPED'), tasks: 0, tasksOf: '' } };
    case 'restart':
      return startAnew(model, 204);
    case 'restart all':
      return { statuses: [202], next: startAnew(model, 202).next };
    case 'restart task':
      return { statuses: [model.tasks > 0 ? 204 : 404], next: model };
    case 'reset offsets':
      return { statuses: [model.target === 'STOPPED' && model.tasks === 0 ? 200 : 400], next: model };
    case 'delete':
      return { statuses: [204], next: null };
    case 'status':
    case 'offsets':
      return { statuses: [200], next: model };
    default:
      return { statuses: [409], next: model };
  }
}

function takeByNone(kind: ModelRequest['kind'], settings: ModelSettings, existed: boolean): Step {
  if (kind === 'put' || kind.startsWith('create')) {
    const target = kind === 'create paused' ? 'PAUSED' : kind === 'create stopped' ? 'STOPPED' : 'STARTED';
    return startAnew({ settings, target, failed: false, running: false, tasks: 0, tasksOf: '' }, 201);
  }
  return { statuses: existed && (kind === 'pause' || kind === 'resume') ? [404, 202] : [404], next: null };
}

/** A new instance. Where it is to run, it starts and has its tasks replaced, or fails and leaves them. */
function startAnew(model: ModelConnector, status: number): Step {
  const stopped = { ...model, failed: false, running: false };
  if (model.target !== 'STARTED') return { statuses: [status], next: stopped };
  const next = start(stopped);
  return { statuses: [next.failed ? 500 : status], next };
}

function start(model: ModelConnector): ModelConnector {
  const { settings } = model;
  if (settings.fails === 'start') return { ...model, running: true, failed: true };
  return updateTasks({ ...model, running: true });
}

function updateTasks(model: ModelConnector): ModelConnector {
  const { settings } = model;
  if (settings.fails === 'taskConfigs') return { ...model, failed: true };
  return { ...model, tasks: settings.tasks, tasksOf: settings.v };
}

function resume(model: ModelConnector): ModelConnector {
  const next = { ...model, target: 'STARTED' as const };
  if (model.failed) return next;
  return model.target === 'STARTED' ? updateTasks(next) : start(next);
}

/** A failed connector stays failed when it is paused; a `stop` that throws fails it, unless it has failed before. */
function suspend(model: ModelConnector, target: 'PAUSED' | 'STOPPED'): ModelConnector {
  if (target === 'PAUSED' && model.failed) return { ...model, target };
  const fails = model.running && !model.failed && model.settings.fails === 'stop';
  return { ...model, target, running: false, failed: fails };
}

/** What status and tasks show of a model once everything has come to rest. */
export function appearance(model: Model): unknown {
  if (!model) return null;
  const { target, failed, tasks, settings, tasksOf } = model;
  const state = failed ? 'FAILED' : target === 'STARTED' ? 'RUNNING' : target;
  const taskState = target === 'PAUSED' ? 'PAUSED' : 'RUNNING';
  return {
    state,
    v: settings.v,
    tasks: Array.from({ length: tasks }, (_, id) => [id, taskState]),
    tasksOf: tasks > 0 ? tasksOf : '',
  };
}
