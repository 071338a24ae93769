import { arrowsOf, findCirclesOf, findCycles, readSource } from './import-graph';

/** A made-up graph: sources by name. */
function sources(texts: Record<string, string>) {
  const names = Object.keys(texts);
  return names.map(name => readSource(name, texts[name] ?? '', names));
}

const plain = (texts: Record<string, string>): Record<string, string[]> =>
  Object.fromEntries([...arrowsOf(sources(texts))].map(([from, targets]) => [from, [...targets]]));

describe('the architecture checker', () => {
  test('sees what each folder imports itself, and no further', () => {
    const texts = {
      'errors.ts': '',
      'data/a.ts': "import { e } from '../errors';",
      'api/b.ts': "import type { A } from '../data/a';",
      'worker/c.ts': "import { B } from '../api/b'; import fs from 'node:fs'; import './e';",
      'worker/e.ts': '',
    };
    expect(plain(texts)).toEqual({ errors: [], data: ['errors'], api: ['data'], worker: ['api'] });
    expect(sources(texts)[3]?.packages).toEqual(['node:fs']);
  });

  const forms = [
    ['a type', "import type { D } from './rest/d';"],
    ['a dynamic import', "const d = await import('./rest/d');"],
    ['a re-export', "export { D } from './rest/d.js';"],
    ['a require', "const d = require('./rest/d');"],
    ['a type in place', "let d: import('./rest/d').D;"],
  ] as const;
  test.each(forms)('sees %s', (_, text) => {
    expect(plain({ 'worker/c.ts': text, 'worker/rest/d.ts': '' })).toEqual({ worker: ['worker/rest'], 'worker/rest': [] });
  });

  test('says which import leads nowhere', () => {
    expect(() => arrowsOf(sources({ 'api/x.ts': "import '../gone/y';" }))).toThrow('api/x.ts imports gone/y, which is not there');
  });

  test('finds circles of rooms, whose folders may stand in a circle among themselves', () => {
    const arrows = arrowsOf(
      sources({
        'a/x.ts': "import './b/y';",
        'a/b/y.ts': "import '../x'; import '../../c/z';",
        'c/z.ts': '',
        'd/v.ts': "import '../a/x';",
      }),
    );
    const room = (folder: string): string => folder.split('/')[0] ?? '';
    expect(findCirclesOf(arrows, room)).toEqual([]);
    expect(findCirclesOf(new Map([...arrows, ['c', new Set(['d'])]]), room)).toEqual(['a <-> c <-> d']);
  });

  test('finds circles of files, made of types or not, and names all files of one', () => {
    const files = sources({
      'data/a.ts': "import type { B } from './b';",
      'data/b.ts': "import { C } from './c';",
      'data/c.ts': "import { A } from './a'; import './d';",
      'data/d.ts': "import './d';",
      'data/e.ts': "import './a';",
    });
    expect(findCycles(files)).toEqual(['data/a.ts <-> data/b.ts <-> data/c.ts', 'data/d.ts']);
  });
});
