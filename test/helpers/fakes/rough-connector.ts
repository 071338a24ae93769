/** A source whose connector does what it is told in each of its methods; a plugin module for workers under test. */
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigDef, type ConfigValue } from '../../../src/api/config-def';
import type { ConnectorContext, Props, SourceConnector } from '../../../src/api/connector';
import type { SourcePlugin } from '../../../src/api/plugin';
import type { SourceTask } from '../../../src/api/source';
import { ConnectError } from '../../../src/errors';
import { getLogger } from '../../../src/log';

/** Methods that can be told to misbehave, by the setting `<method>.does`; those of the descriptor by the file that ROUGH_FLAG names. */
export type RoughMethod = 'start' | 'taskConfigs' | 'stop' | 'validate' | 'alterOffsets';

/** Holds up the thread. */
function block(how: string, ms: number): void {
  if (how === 'busy') for (const end = Date.now() + ms; Date.now() < end; );
  if (how === 'wait') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
  if (how === 'exec') execFileSync('sleep', [String(ms / 1000)]);
}

/**
 * Does what `<method>.does` says, where it takes time for `<method>.ms` (60 s by default): busy, wait and exec hold up the thread, sleep
 * and hang let its event loop run; `refuse` is for `validate`.
 */
async function act(method: RoughMethod, props: Props): Promise<void> {
  const ms = Number(props[`${method}.ms`] ?? 60_000);
  switch (props[`${method}.does`]) {
    case 'throw':
      throw new ConnectError('ConnectException', `${method} is broken`);
    case 'throw later':
      setTimeout(() => {
        throw new Error(`a timer of ${method} has thrown`);
      }, ms);
      return;
    case 'sleep':
      await sleep(ms);
      return;
    case 'hang':
      return new Promise(() => {});
    case 'exit':
      return process.exit(7);
    default:
      block(props[`${method}.does`] ?? 'none', ms);
  }
}

/** For methods that get no settings: a file that holds `<method> <block>`. */
function actByFlag(method: 'createConnector' | 'config'): void {
  const file = process.env.ROUGH_FLAG;
  if (!file || !fs.existsSync(file)) return;
  const [named, how = ''] = fs.readFileSync(file, 'utf8').split(' ');
  if (named === method) block(how, 60_000);
}

/** Settings beside `<method>.does`: tasks (how many), reconfigure.ms, raise.ms (when it asks or fails, after its start). */
class RoughConnector implements SourceConnector {
  private props: Props = {};
  private more = 0;

  version(): string {
    return '3';
  }

  config(): ConfigDef {
    actByFlag('config');
    return new ConfigDef();
  }

  async validate(props: Props, values: ConfigValue[]): Promise<ConfigValue[]> {
    await act('validate', props);
    const errors = props['validate.does'] === 'refuse' ? ['refused'] : [];
    return [...values, { name: 'validate.does', value: null, recommendedValues: [], errors, visible: true }];
  }

  async start(props: Props, context: ConnectorContext): Promise<void> {
    this.props = props;
    getLogger('rough.Connector').info(`${props.name} starts in its thread`);
    context.logger.info('its connector has a logger');
    await act('start', props);
    if (props['raise.ms']) {
      setTimeout(() => context.raiseError(new ConnectError('DataException', 'raised by itself')), Number(props['raise.ms']));
    }
    if (props['reconfigure.ms']) {
      setTimeout(() => {
        this.more++;
        context.requestTaskReconfiguration();
      }, Number(props['reconfigure.ms']));
    }
  }

  async taskConfigs(): Promise<Props[]> {
    await act('taskConfigs', this.props);
    const count = Number(this.props.tasks ?? 1) + this.more;
    return Array.from({ length: count }, (_, task) => ({ ...this.props, task: String(task) }));
  }

  async alterOffsets(props: Props): Promise<boolean> {
    await act('alterOffsets', props);
    return true;
  }

  stop(): Promise<void> {
    return act('stop', this.props);
  }
}

const idleTask = (): SourceTask => ({
  start: (_, context) => context.logger.info('its task has a logger'),
  poll: async () => {
    await sleep(20);
    return null;
  },
  stop: () => {},
});

const rough: SourcePlugin = {
  type: 'source',
  className: 'test.RoughSourceConnector',
  taskClassName: 'test.RoughSourceTask',
  version: '3',
  createConnector: () => {
    actByFlag('createConnector');
    return new RoughConnector();
  },
  createTask: idleTask,
};

export const plugins = [rough];
