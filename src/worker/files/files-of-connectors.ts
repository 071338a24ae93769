/** Which files the settings of a connector name: those that its plugin says, and those of the framework. */
import type { Props } from '../../api/connector';
import type { NamedFile } from '../../api/plugin';
import { trimmed } from '../../config/connector-props';
import type { PluginTable } from '../../plugins/plugin-table';

/** @param props with their variables resolved */
export function filesOfConnector(plugins: PluginTable, props: Props): NamedFile[] {
  const texts = trimmed(props);
  const own = plugins.findConnector(texts['connector.class'] ?? '')?.filesOf?.(texts) ?? [];
  const deadLetters: NamedFile = { key: 'source.deadletters.file', file: texts['source.deadletters.file'] ?? '' };
  return [...own, deadLetters].filter(({ file }) => file !== '');
}
