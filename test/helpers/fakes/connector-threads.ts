/** Connector threads that are none: what is called runs at once, beside the test. */
import type { Plugin } from '../../../src/api/plugin';
import type { ConnectorCalls, ConnectorMethod } from '../../../src/isolation/connector-messages';
import type { ConnectorThread, ConnectorThreads } from '../../../src/isolation/connector-thread-handle';
import { convertOffsets } from '../../../src/isolation/thread/conversion';
import { Instance } from '../../../src/isolation/thread/instance';

type Calls = { readonly [M in ConnectorMethod]?: (...args: ConnectorCalls[M]['args']) => Promise<ConnectorCalls[M]['result']> };

/** Knows the plugins of the test, and the conversion of offsets by those that come with the worker. */
export function fakeConnectorThreads(plugins: readonly Plugin[]): Pick<ConnectorThreads, 'start'> {
  return {
    start: (_label, _modules, { onReconfigure, onRaised, onMetrics }) => {
      const context = { requestTaskReconfiguration: onReconfigure, raiseError: (error: unknown) => onRaised(error as Error) };
      const instance = new Instance(async () => plugins, context, onMetrics);
      const calls: Calls = {
        start: (...args) => instance.start(...args),
        taskConfigs: (...args) => instance.taskConfigs(...args),
        alterOffsets: (...args) => instance.alterOffsets(...args),
        stop: () => instance.stop(),
        convertOffsets,
      };
      return {
        isAlive: true,
        call: (method, ...args) => {
          const call = calls[method];
          if (!call) throw new Error(`The fake does not know ${method}`);
          return call(...args);
        },
        end: async () => {},
      } satisfies ConnectorThread;
    },
  };
}
