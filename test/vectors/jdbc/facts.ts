/** What can be seen of a case, taken apart so that a difference names only what differs. */

/** Facts by name, each as text; what is not there is no fact. */
export type Facts = Readonly<Record<string, string>>;

/** Facts that replace others; null takes one away. */
export type FactChanges = Readonly<Record<string, string | null>>;

/** What must be done to the first facts to get the second ones; nothing if they are equal. */
export function changesBetween(from: Facts, to: Facts): FactChanges {
  const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
  return Object.fromEntries(names.filter(name => from[name] !== to[name]).map(name => [name, to[name] ?? null]));
}

/** The facts with these changes. */
export function withChanges(facts: Facts, changes: FactChanges): Facts {
  return Object.fromEntries(Object.entries({ ...facts, ...changes }).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Whether two sets of facts say the same. */
export const sameFacts = (a: Facts, b: Facts): boolean => Object.keys(changesBetween(a, b)).length === 0;

/** Each change as a line in the words of `differences.json`: what should have come, and what came. */
export function describeChanges(from: Facts, changes: FactChanges): string[] {
  const shown = (text: string | null | undefined): string => JSON.stringify(text ?? null);
  return Object.entries(changes).map(([name, to]) => `    ${shown(name)}: expected ${shown(from[name])}, got ${shown(to)}`);
}

/** JSON whose keys are in order of the alphabet, where their order is not a fact. */
export function sortedJson(value: unknown): string {
  const sorted = (_: string, part: unknown): unknown =>
    typeof part !== 'object' || part === null || Array.isArray(part)
      ? part
      : Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  return JSON.stringify(value, sorted) ?? 'nothing';
}

/** The members of a JSON object, each value in the very words of the text. Any other text is one member without a name. */
export function membersOf(json: string): [name: string, text: string][] {
  if (!json.startsWith('{')) return [['', json]];
  const members: [string, string][] = [];
  for (const part of splitTopLevel(json.slice(1, -1))) {
    const [name = ''] = /^"(?:[^"\\]|\\.)*"/.exec(part) ?? [];
    members.push([JSON.parse(name) as string, part.slice(name.length + 1)]);
  }
  return members;
}

/** Parts between commas that stand in no quotes and no brackets. */
function splitTopLevel(text: string): string[] {
  const parts: string[] = [];
  let [depth, from] = [0, 0];
  for (const { 0: token, index } of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{]|[\]}]|,/g)) {
    if (token === '[' || token === '{') depth++;
    else if (token === ']' || token === '}') depth--;
    else if (token === ',' && depth === 0) {
      parts.push(text.slice(from, index));
      from = index + 1;
    }
  }
  return text === '' ? [] : [...parts, text.slice(from)];
}
