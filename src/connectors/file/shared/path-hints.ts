/** What a user may have meant by a path that names no file: a shell would have read it otherwise than a setting is read. */
import path from 'node:path';

/** Longer than any path (PATH_MAX of Linux): nothing can be made of it, and there are better uses of time. */
const MAX_PATH_LENGTH = 4096;

/** Each kind of path that is taken as it stands, with what to say of it. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\s|\s$/, 'there are blanks at its beginning or end, which are part of it: remove them'],
  [/^(["'`]).*\1$/, 'quotes are part of it: remove them'],
  [/\s[#!]/, 'a comment after a value is part of it: comments have lines of their own'],
  [/^~/, '~ means nothing in a setting: write the home folder out'],
  [/^[a-z][a-z0-9+.-]*:\/\//i, 'it is a path, not a URL: write it without file://'],
  [/\$\{[^{}]*\}/, 'the variable was not replaced: config.providers in the worker file must name its provider'],
  [/\$[A-Za-z_]|%[A-Za-z_]+%/, 'variables of the shell are not replaced: write the path out, or use a config provider for it'],
  [/[*?]|\[[^[\]]+\]|\{[^{},]*,[^{}]*\}/, 'patterns are not expanded, it names one file: make a connector for each'],
  [/[,;]\s*[/.~\w]/, 'it is one path, not a list: make a connector for each file'],
  [/^[A-Za-z]:|\\/, 'in a properties file a backslash must be doubled, and paths of this system have slashes'],
];

/** What may be wrong with a path that is to be read and is not there; empty if nothing is odd about it. */
export function hintForMissing(file: string): string {
  if (path.isAbsolute(file) || oddities(file).length > 0) return hintForNew(file);
  return told(file, ['it is relative, and looked for from the working folder of the worker']);
}

/** What may be wrong with a path under which a file is about to be made; empty if nothing is odd about it. */
export function hintForNew(file: string): string {
  const found = oddities(file);
  return found.length === 0 ? '' : told(file, found);
}

function oddities(file: string): string[] {
  if (file.length > MAX_PATH_LENGTH) return [];
  return KINDS.filter(([pattern]) => pattern.test(file)).map(([, text]) => text);
}

function told(file: string, hints: readonly string[]): string {
  return `The setting file='${file}' means ${path.resolve(file)}: ${hints.join('; ')}.`;
}
