/** Loads a `plugin.path` in a Node process of its own: inside of Jest neither `import()` nor the names of packages work as they do. */

import { BUILTIN_PLUGINS } from '../../../src/plugins/builtins';
import { inspectModule, loadPluginPath, loadTaskPlugins } from '../../../src/plugins/plugin-loader';
import type { PluginFailure } from '../../../src/plugins/plugin-locations';
import { fakeLogger } from '../fakes/fake-logger';
import { runCommand } from './child';

/** What became of a `plugin.path`. */
export interface LoadReport {
  /** Class names by module file. */
  readonly loaded: readonly (readonly [file: string, classNames: readonly string[]])[];
  readonly failures: readonly PluginFailure[];
  readonly log: readonly string[];
  /** What a task thread finds in the same modules. */
  readonly inTask: readonly string[];
}

/** Loads the plugins of these folders and files as the main thread does, then their modules as a task thread does. */
export async function loadPlugins(...pluginPath: string[]): Promise<LoadReport> {
  const { code, stdout, stderr } = await runCommand(process.execPath, [__filename, ...pluginPath]);
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout.toString()) as LoadReport;
}

async function main(pluginPath: readonly string[]): Promise<void> {
  const logger = fakeLogger();
  const { modules, failures } = await loadPluginPath(pluginPath, BUILTIN_PLUGINS, logger, inspectModule);
  const report: LoadReport = {
    loaded: modules.map(({ file, plugins }) => [file, plugins.map(plugin => plugin.className)]),
    failures,
    log: logger.lines,
    inTask: (
      await loadTaskPlugins(
        modules.map(({ file }) => file),
        BUILTIN_PLUGINS,
      )
    ).map(plugin => plugin.className),
  };
  process.stdout.write(JSON.stringify(report));
}

if (require.main === module) void main(process.argv.slice(2));
