/** Transformations and predicates made of plain functions, for chains under test. */
import { ConfigDef } from '../../../src/api/config-def';
import type { Props } from '../../../src/api/connector';
import type { PredicatePlugin, TransformationPlugin } from '../../../src/api/plugin';
import type { ConnectRecord } from '../../../src/data/record/record';
import { ConnectError } from '../../../src/errors';
import { createPluginTable } from '../../../src/plugins/builtins';
import type { PluginTable } from '../../../src/plugins/plugin-table';

/** What the parts of a table of plugins were asked, in order: `configure` with the settings, `close`. */
export type Calls = [what: string, props?: Props][];

function transformation(
  name: string,
  calls: Calls,
  change: (record: ConnectRecord, props: Props) => Partial<ConnectRecord> | null,
): TransformationPlugin {
  const create = () => {
    let own: Props = {};
    return {
      config: () => new ConfigDef(),
      configure: (props: Props) => {
        own = props;
        calls.push([`configure ${name}`, props]);
        if (props.odd === 'configure') throw new ConnectError('ConfigException', 'odd setting');
      },
      apply: <R extends ConnectRecord>(record: R): R | null => {
        const changes = change(record, own);
        return changes && { ...record, ...changes };
      },
      close: () => {
        calls.push([`close ${name}`]);
        if (own.odd === 'close') throw new Error('odd end');
      },
    };
  };
  return { className: `test.${name}`, version: '1', type: 'transformation', create };
}

function predicate(name: string, calls: Calls, test: (record: ConnectRecord, props: Props) => boolean): PredicatePlugin {
  const create = () => {
    let own: Props = {};
    return {
      config: () => new ConfigDef(),
      configure: (props: Props) => {
        own = props;
        calls.push([`configure ${name}`, props]);
      },
      test: (record: ConnectRecord) => test(record, own),
      close: () => void calls.push([`close ${name}`]),
    };
  };
  return { className: `test.${name}`, version: '1', type: 'predicate', create };
}

/**
 * `Append` (`text` behind the value), `Route` (first letter of the value becomes the topic `t-<letter>`), `Drop`, `Refuse` (values that
 * hold `text`), `Flaky` (the same, retriable, only the first `times` times), and the predicate `Holds` (values that hold `text`).
 */
export function testStages(calls: Calls = []): (TransformationPlugin | PredicatePlugin)[] {
  let failures = 0;
  const holds = (record: ConnectRecord, { text = '' }: Props): boolean => String(record.value).includes(text);
  return [
    transformation('Append', calls, (record, { text }) => ({ value: `${record.value}${text}` })),
    transformation('Route', calls, record => ({ topic: `t-${String(record.value)[0]}` })),
    transformation('Drop', calls, () => null),
    transformation('Refuse', calls, (record, props) => {
      if (holds(record, props)) throw new ConnectError('DataException', `refused: ${record.value}`);
      return {};
    }),
    transformation('Flaky', calls, (record, props) => {
      if (holds(record, props) && failures++ < Number(props.times)) throw new ConnectError('RetriableException', 'not yet');
      return {};
    }),
    predicate('Holds', calls, holds),
  ];
}

/** The built-in plugins and these. */
export function stagePlugins(calls: Calls = []): PluginTable {
  return createPluginTable(testStages(calls));
}
