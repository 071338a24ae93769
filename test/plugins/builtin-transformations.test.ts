import { type ConfigKeyInfo, toConfigKeyInfo } from '../../src/config/validation/config-infos';
import { BUILTIN_PLUGINS } from '../../src/plugins/builtins';
import { readFixture } from '../helpers/vectors/fixtures';

/** What the Java worker 4.3.0 answers to GET /connector-plugins/CLASS/config, for each of its transformations and predicates. */
const JAVA = readFixture<Record<string, readonly ConfigKeyInfo[]>>('validate/transform-definitions.json');

const PLUGINS = BUILTIN_PLUGINS.flatMap(plugin => (plugin.type === 'transformation' || plugin.type === 'predicate' ? [plugin] : []));

test.each(PLUGINS.map(plugin => [plugin.className, plugin] as const))(
  '%s has the settings that it has in Java, in its order and with its texts',
  (className, plugin) => {
    const keys = [...plugin.create().config().keys.values()];
    expect(keys.map(key => toConfigKeyInfo(key))).toEqual(JAVA[className]);
  },
);
