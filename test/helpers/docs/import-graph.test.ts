import { findCycles, findWrongArrows, type Layers, readSource } from './import-graph';

/** A made-up graph: sources by name. */
function sources(texts: Record<string, string>) {
  const names = Object.keys(texts);
  return names.map(name => readSource(name, texts[name] ?? '', names));
}

const layers: Layers = { errors: [], data: ['errors'], api: ['data'], worker: ['api'], 'worker/rest': ['worker'] };

describe('the architecture checker', () => {
  test('allows imports along the direction, also over several layers', () => {
    const files = sources({
      'errors.ts': '',
      'data/a.ts': "import { e } from '../errors';",
      'api/b.ts': "import type { A } from '../data/a';",
      'worker/c.ts': "import { A } from '../data/a'; import fs from 'node:fs';",
      'worker/rest/d.ts': "import { C } from '../c';",
    });
    expect(findWrongArrows(files, layers)).toEqual([]);
    expect(findCycles(files)).toEqual([]);
    expect(files[3]?.packages).toEqual(['node:fs']);
  });

  const against = [
    ['a type', "import type { D } from './rest/d';"],
    ['a dynamic import', "const d = await import('./rest/d');"],
    ['a re-export', "export { D } from './rest/d.js';"],
    ['a require', "const d = require('./rest/d');"],
    ['a type in place', "let d: import('./rest/d').D;"],
  ] as const;
  test.each(against)('finds %s imported against the direction', (_, text) => {
    const wrong = findWrongArrows(sources({ 'worker/c.ts': text, 'worker/rest/d.ts': '' }), layers);
    expect(wrong).toEqual(['worker/c.ts imports worker/rest/d.ts: worker does not stand on worker/rest']);
  });

  test('finds files outside all layers, and imports that lead nowhere', () => {
    expect(findWrongArrows(sources({ 'misc/x.ts': '' }), layers)).toEqual(['misc/x.ts is in no layer']);
    expect(findWrongArrows(sources({ 'api/x.ts': "import '../gone/y';" }), layers)).toHaveLength(1);
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
