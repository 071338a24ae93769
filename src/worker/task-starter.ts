/** Turns a task of the herder into a task of a thread. */
import type { Props } from '../api/connector';
import { type TaskSettings, taskSettings } from '../config/tasks/task-settings';
import type { StartTask, TaskStart } from '../herder/ports';
import type { EmbeddedBroker } from '../kafka/embedded/embedded-broker';
import { consumerGroup } from '../kafka/settings/client-props';
import { modulesFor } from '../plugins/used-modules';
import type { RetentionWindow } from '../thread/messages';
import type { TaskListener } from '../thread/task-handle';
import type { TaskThreads } from '../thread/task-threads';
import { filesOfConnector } from './files/files-of-connectors';
import type { WorkerParts } from './open-parts';

/** Starts tasks in threads, with all that a task needs to know of its worker. @param onTaskUp called whenever a task reports its state */
export function taskStarter(
  { allowedFiles, broker, identity, plugins, pluginModules: modules, worker }: WorkerParts,
  threads: TaskThreads,
  drain: boolean,
  onTaskUp: () => void,
): StartTask {
  return (start, listener) => {
    // Checked again: a link may have appeared since the settings were validated.
    allowedFiles.check({ ...start.connectorProps, ...start.taskProps }, props => filesOfConnector(plugins, props));
    const workerProps = identity.props;
    const onState: TaskListener['onState'] = state => {
      onTaskUp();
      listener.onState(state);
    };
    const pluginModules = modulesFor([start.connectorProps, start.taskProps, workerProps], modules);
    // Outside plugins, a transformation for instance, may block.
    const plugin = plugins.connector(start.connectorProps['connector.class'] ?? '');
    const mayShareThread = pluginModules.length === 0 && (plugin.neverBlocks ?? false);
    const settings = taskSettings(worker, workerProps, start);
    const retentionWindows = broker ? windowsOf(broker, workerProps, start, settings) : [];
    const assignment = {
      ...start,
      connectorClass: plugin.className,
      settings,
      workerProps,
      draining: drain,
      retentionWindows,
      pluginModules,
      mayShareThread,
    };
    return threads.start(assignment, { ...listener, onState });
  };
}

/** Where a task counts its progress, so that the embedded broker discards nothing that a sink has still to read. */
function windowsOf(
  broker: EmbeddedBroker,
  workerProps: Props,
  { connectorProps, id }: TaskStart,
  { topic, sinkTopics }: TaskSettings,
): RetentionWindow[] {
  if (topic !== null) return [broker.windowOfSource(topic)];
  const group = consumerGroup(workerProps, connectorProps, id.connector);
  return (sinkTopics?.topics ?? []).map(name => broker.windowOfGroup(name, group));
}
