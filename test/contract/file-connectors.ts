/** What the kits give to the connectors of files. */
import type { SinkPlugin, SourcePlugin } from '../../src/api';
import type { SinkTaskSubject, SourceTaskSubject } from '../../src/testing';
import { TempDir } from '../helpers/temp-dir';

const LINES = ['one', 'zwei €', '', 'three three three', '😀'];

export function fileSource(plugin: SourcePlugin): SourceTaskSubject {
  return {
    plugin,
    prepare: () => {
      const dir = new TempDir('contract');
      const file = dir.write('input.txt', `${LINES.join('\n')}\n`);
      return {
        props: { name: 'source', topic: 'lines', file, 'batch.size': '2' },
        records: LINES.length,
        add: () => dir.append('input.txt', 'more\n'),
        close: () => dir.remove(),
      };
    },
    badSettings: { topic: '' },
    away: { name: 'source', topic: 'lines', file: '/nowhere/at/all.txt' },
  };
}

export function fileSink(plugin: SinkPlugin, exactlyOnce: boolean): SinkTaskSubject {
  return {
    plugin,
    prepare: () => {
      const dir = new TempDir('contract');
      return {
        props: { name: 'sink', file: dir.file('output.txt'), 'file.exactly.once': String(exactlyOnce) },
        record: n => ({ value: `record ${n}` }),
        written: () => [...dir.read('output.txt').matchAll(/^record (\d+)$/gm)].map(([, n]) => Number(n)),
        close: () => dir.remove(),
      };
    },
    writesOnce: exactlyOnce,
  };
}
