/** What the sources import, and whether it keeps the direction that the architecture has. */
import fs from 'node:fs';
import path from 'node:path';
import { preProcessFile } from 'typescript';
import { inRepository } from '../paths';

/** Files by their path below src, with the files that they import and the packages that they name. */
export interface SourceFile {
  readonly name: string;
  readonly imports: readonly string[];
  readonly packages: readonly string[];
  readonly text: string;
}

/** A layer, and the layers on which it stands; what those stand on is open to it too. */
export type Layers = Readonly<Record<string, readonly string[]>>;

/** Reads all sources below a folder of the repository; imports of types count, and so do `import()` and `require`. */
export function readSources(folder = 'src'): SourceFile[] {
  const root = inRepository(folder);
  const names = fs.readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts'));
  return names.sort().map(name => readSource(name, fs.readFileSync(path.join(root, name), 'utf8'), names));
}

/** One source, its relative imports resolved among the names of all. */
export function readSource(name: string, text: string, all: readonly string[]): SourceFile {
  const targets = preProcessFile(text, true, true).importedFiles.map(file => file.fileName);
  const [relative, packages] = [targets.filter(isRelative), targets.filter(target => !target.startsWith('.'))];
  const resolve = (target: string): string => {
    const base = path.posix.join(path.posix.dirname(name), target).replace(/\.js$/, '');
    return [`${base}.ts`, `${base}/index.ts`].find(candidate => all.includes(candidate)) ?? base;
  };
  return { name, imports: relative.map(resolve), packages, text };
}

/** A source, not data such as `package.json`. */
const isRelative = (target: string): boolean => target.startsWith('.') && !target.endsWith('.json');

/** The layer of a file: the longest name of a layer that is its path or a folder of it. */
export function layerOf(name: string, layers: Layers): string | undefined {
  const inLayer = Object.keys(layers).filter(layer => name === `${layer}.ts` || name.startsWith(`${layer}/`));
  return inLayer.sort((a, b) => b.length - a.length)[0];
}

/** Imports from a layer that the importing layer does not stand on, and files in no layer; one line each. */
export function findWrongArrows(files: readonly SourceFile[], layers: Layers): string[] {
  return files.flatMap(({ name, imports }) => {
    const from = layerOf(name, layers);
    if (from === undefined) return [`${name} is in no layer`];
    const open = new Set([from, ...reachable(from, layer => layers[layer] ?? [])]);
    return imports
      .filter(target => !open.has(layerOf(target, layers) ?? ''))
      .map(target => `${name} imports ${target}: ${from} does not stand on ${layerOf(target, layers) ?? 'that'}`);
  });
}

/** Groups of files that import each other in a circle, each group as one line. */
export function findCycles(files: readonly SourceFile[]): string[] {
  const importsOf = new Map(files.map(file => [file.name, file.imports]));
  const reach = new Map(files.map(({ name }) => [name, reachable(name, file => importsOf.get(file) ?? [])]));
  const circles = files.map(({ name }) => {
    const inCircle = [...(reach.get(name) ?? [])].filter(other => reach.get(other)?.has(name));
    return inCircle.sort().join(' <-> ');
  });
  return [...new Set(circles)].filter(circle => circle !== '');
}

/** All that can be reached from a node in one step or more; the node itself only when there is a way back. */
function reachable(start: string, next: (node: string) => readonly string[]): Set<string> {
  const seen = new Set<string>();
  const open = [...next(start)];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    open.push(...next(node));
  }
  return seen;
}
