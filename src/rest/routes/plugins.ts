/** /connector-plugins: what there is, its settings, and checks of configurations. */
import type { Plugin } from '../../api/plugin';
import { ConnectError } from '../../errors';
import type { Herder } from '../../herder/herder';
import type { RawConfig } from '../../herder/ports';
import { parseConfig } from '../bodies';
import { FLAG, json, param, type RestReply, type RestRequest, type Route, values } from '../route';

/** Settings of plugins, in the shape in which REST shows them. */
export interface PluginConfigs {
  /**
   * Rows of GET /connector-plugins/{plugin}/config, or a promise of them.
   * @param version range that the plugin's version must lie in, if one was asked for
   * @throws ConnectError (BadRequestException) if it does not
   */
  describe(plugin: Plugin, version: string | undefined): unknown;
  /** Body of PUT /connector-plugins/{plugin}/config/validate; never throws for a user's mistake. */
  validate(config: RawConfig): Promise<unknown>;
}

export function pluginRoutes(herder: Herder, pluginConfigs: PluginConfigs): Route[] {
  return [
    {
      method: 'GET',
      path: '/connector-plugins',
      summary: 'Connectors; `?connectorsOnly=false` lists converters too.',
      query: [{ name: 'connectorsOnly', description: 'Only connectors, which is the default.', values: FLAG }],
      replies: { 200: 'Plugins' },
      handle: request => list(herder, request),
    },
    {
      method: 'GET',
      path: '/connector-plugins/:plugin/config',
      summary: 'Settings that a plugin defines.',
      query: [{ name: 'version', description: 'A version or a range of them, as Maven writes it; `latest` by default.' }],
      replies: { 200: 'SettingDefinitions' },
      errors: [400, 404],
      handle: async request => {
        const plugin = pluginOf(herder, param(request, 'plugin'));
        return json(200, await pluginConfigs.describe(plugin, values(request, 'version')[0]));
      },
    },
    {
      method: 'PUT',
      path: '/connector-plugins/:plugin/config/validate',
      summary: '200 with every setting, its value and its errors. Starts nothing.',
      body: 'NewConfig',
      replies: { 200: 'Validation' },
      errors: [400, 404, 500],
      handle: async request => {
        const config = parseConfig(request.body);
        requireSameClass(herder, param(request, 'plugin'), config);
        return json(200, await pluginConfigs.validate(config));
      },
    },
  ];
}

function list(herder: Herder, request: RestRequest): RestReply {
  // without a value it is as if it were not there, as in Java
  const connectorsOnly = values(request, 'connectorsOnly')[0]?.toLowerCase() || 'true';
  const plugins = connectorsOnly === 'true' ? herder.plugins.list(['sink', 'source']) : herder.plugins.list();
  return json(
    200,
    plugins.map(({ className, type, version }) => ({ class: className, type, version })),
  );
}

function pluginOf(herder: Herder, name: string): Plugin {
  const [plugin] = herder.plugins.ofName(name);
  if (!plugin) throw new ConnectError('NotFoundException', `Unknown plugin ${name}.`);
  return plugin;
}

/** The class in the body and the one in the path may be spelled differently. */
function requireSameClass(herder: Herder, requested: string, config: RawConfig): void {
  const included = config['connector.class'];
  if (included === undefined || included === null) {
    const shown = Object.entries(config).map(([key, value]) => `${key}=${value}`);
    throw new ConnectError('BadRequestException', `Connector config {${shown.join(', ')}} contains no connector type`);
  }
  const resolve = (name: string): string => herder.plugins.resolve(name) ?? name;
  if (resolve(included) !== resolve(requested)) {
    throw new ConnectError('BadRequestException', `Included connector type ${included} does not match request type ${requested}`);
  }
}
