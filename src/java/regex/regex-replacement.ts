/** Replacement texts of java.util.regex: `$1`, `${name}`, and a backslash before literal characters. */
import { ConnectError } from '../../errors';

/** The groups of a match, for references in a replacement. */
export interface MatchedGroups {
  /** What each group captured, undefined for nothing; group 0 is the match. */
  readonly groups: readonly (string | undefined)[];
  readonly groupNames: ReadonlyMap<string, number>;
}

const illegal = (message: string): ConnectError => new ConnectError('IllegalArgumentException', message);

/**
 * Expands a replacement. As in Java, errors show only here, when there is something to replace.
 * @throws IllegalArgumentException for an invalid replacement, IndexOutOfBoundsException for a group that does not exist
 */
export function expandReplacement(replacement: string, match: MatchedGroups): string {
  let out = '';
  for (let i = 0; i < replacement.length; i++) {
    const char = replacement.charAt(i);
    if (char === '\\') {
      i++;
      if (i === replacement.length) throw illegal('character to be escaped is missing');
      out += replacement.charAt(i);
    } else if (char === '$') {
      const [group, end] = readReference(replacement, i + 1, match);
      out += groupText(match, group);
      i = end - 1;
    } else {
      out += char;
    }
  }
  return out;
}

function groupText({ groups }: MatchedGroups, group: number): string {
  if (group >= groups.length) throw new ConnectError('IndexOutOfBoundsException', `No group ${group}`);
  return groups[group] ?? '';
}

/** The group after a dollar sign, and where its name or number ends. */
function readReference(replacement: string, start: number, match: MatchedGroups): [number, number] {
  if (start === replacement.length) throw illegal('Illegal group reference: group index is missing');
  if (replacement.charAt(start) === '{') return readName(replacement, start + 1, match);
  if (!/\d/.test(replacement.charAt(start))) throw illegal('Illegal group reference');
  let group = Number(replacement.charAt(start));
  let end = start + 1;
  // Further digits count as long as a group with that number exists.
  for (; /\d/.test(replacement.charAt(end)); end++) {
    const longer = group * 10 + Number(replacement.charAt(end));
    if (longer >= match.groups.length) break;
    group = longer;
  }
  return [group, end];
}

function readName(replacement: string, start: number, { groupNames }: MatchedGroups): [number, number] {
  const [name = ''] = /^[a-zA-Z0-9]*/.exec(replacement.slice(start)) ?? [];
  if (name === '') throw illegal('named capturing group has 0 length name');
  const end = start + name.length;
  if (replacement.charAt(end) !== '}') throw illegal("named capturing group is missing trailing '}'");
  if (/^\d/.test(name)) throw illegal(`capturing group name {${name}} starts with digit character`);
  const group = groupNames.get(name);
  if (group === undefined) throw illegal(`No group with name {${name}}`);
  return [group, end + 1];
}
