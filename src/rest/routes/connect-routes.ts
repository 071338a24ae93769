/** All routes of Kafka Connect's REST API, but for the OpenAPI document, which is made of them. */
import type { Herder } from '../../herder/herder';
import type { Route } from '../route';
import { connectorRoutes } from './connectors';
import { lifecycleRoutes } from './lifecycle';
import { loggerRoutes, type OnLogLevel } from './loggers';
import { offsetRoutes } from './offsets';
import { type PluginConfigs, pluginRoutes } from './plugins';
import { rootRoutes } from './root';

/** What the routes need; handed over once the worker has been built. */
export interface RestResources {
  readonly herder: Herder;
  readonly pluginConfigs: PluginConfigs;
  readonly onLogLevel: OnLogLevel;
}

/** Routes by where they are served. */
export interface ServedRoutes {
  readonly main: readonly Route[];
  /** On `admin.listeners` where that is set, otherwise with the others. */
  readonly admin: readonly Route[];
}

/** @param advertisedUrl see `connectorRoutes` */
export function connectRoutes({ herder, pluginConfigs, onLogLevel }: RestResources, advertisedUrl: string): ServedRoutes {
  return {
    main: [
      ...rootRoutes(herder),
      ...connectorRoutes(herder, advertisedUrl),
      ...lifecycleRoutes(herder),
      ...offsetRoutes(herder),
      ...pluginRoutes(herder, pluginConfigs),
    ],
    admin: loggerRoutes(onLogLevel),
  };
}
