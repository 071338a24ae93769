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

/** The folder that a file lies in; a file of the top folder stands for itself. */
export function folderOf(name: string): string {
  const folder = path.posix.dirname(name);
  return folder === '.' ? name.replace(/\.ts$/, '') : folder;
}

/** The folders from which each folder imports something itself; what those import counts for nothing. @throws Error for an import that leads nowhere */
export function arrowsOf(files: readonly SourceFile[]): Map<string, Set<string>> {
  const names = new Set(files.map(({ name }) => name));
  const arrows = new Map<string, Set<string>>();
  for (const { name, imports } of files) {
    const from = folderOf(name);
    const targets = arrows.get(from) ?? new Set();
    arrows.set(from, targets);
    for (const target of imports) {
      if (!names.has(target)) throw new Error(`${name} imports ${target}, which is not there`);
      if (folderOf(target) !== from) targets.add(folderOf(target));
    }
  }
  return arrows;
}

/** Groups of folders that can be reached from each other, by what the caller takes for one. */
export function findCirclesOf(arrows: ReadonlyMap<string, ReadonlySet<string>>, roomOf: (folder: string) => string): string[] {
  const merged = new Map<string, Set<string>>();
  for (const [from, targets] of arrows) {
    const room = merged.get(roomOf(from)) ?? new Set();
    merged.set(roomOf(from), room);
    for (const target of targets) if (roomOf(target) !== roomOf(from)) room.add(roomOf(target));
  }
  return circles(merged);
}

/** Groups of files that import each other in a circle, each group as one line. */
export function findCycles(files: readonly SourceFile[]): string[] {
  return circles(new Map(files.map(file => [file.name, new Set(file.imports)])));
}

function circles(targets: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const reach = new Map([...targets.keys()].map(name => [name, reachable(name, node => [...(targets.get(node) ?? [])])]));
  const found = [...targets.keys()].map(name => {
    const inCircle = [...(reach.get(name) ?? [])].filter(other => reach.get(other)?.has(name));
    return inCircle.sort().join(' <-> ');
  });
  return [...new Set(found)].filter(circle => circle !== '');
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
