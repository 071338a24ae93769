/** Version ranges of `*.plugin.version` settings (KIP-891), in Maven's notation: `1.2` or `[1.2]` exactly, `[1,2)`, unions by comma. */

import { ConnectError } from '../../errors';

interface Restriction {
  readonly lower: string | null;
  readonly lowerInclusive: boolean;
  readonly upper: string | null;
  readonly upperInclusive: boolean;
}

/** A set of versions. */
export class VersionRange {
  readonly #restrictions: readonly Restriction[];

  private constructor(restrictions: readonly Restriction[]) {
    this.#restrictions = restrictions;
  }

  /**
   * The range a setting asks for; null for any version (no setting, or `latest`).
   * @throws ConfigException with the text of Maven's parser, e.g. `Unbounded range: [1.0`
   */
  static parse(setting: string | null | undefined): VersionRange | null {
    if (setting === null || setting === undefined || setting === 'latest') return null;
    const spec = setting.trim();
    return new VersionRange(/^[[(]/.test(spec) ? parseRestrictions(spec) : parseRestrictions(`[${spec}]`));
  }

  contains(version: string): boolean {
    return this.#restrictions.some(({ lower, lowerInclusive, upper, upperInclusive }) => {
      const fromLower = lower === null ? 1 : compareVersions(version, lower);
      const fromUpper = upper === null ? -1 : compareVersions(version, upper);
      return (fromLower > 0 || (fromLower === 0 && lowerInclusive)) && (fromUpper < 0 || (fromUpper === 0 && upperInclusive));
    });
  }

  toString(): string {
    const show = (part: Restriction): string =>
      `${part.lowerInclusive ? '[' : '('}${part.lower ?? ''},${part.upper ?? ''}${part.upperInclusive ? ']' : ')'}`;
    return this.#restrictions.map(show).join(',');
  }
}

const fail = (problem: string): ConnectError => new ConnectError('ConfigException', problem);

function parseRestrictions(spec: string): Restriction[] {
  const restrictions: Restriction[] = [];
  let rest = spec;
  while (/^[[(]/.test(rest)) {
    const end = rest.search(/[)\]]/);
    if (end < 0) throw fail(`Unbounded range: ${spec}`);
    const next = parseRestriction(rest.slice(0, end + 1));
    const before = restrictions.at(-1);
    if (before?.upper && (next.lower === null || compareVersions(next.lower, before.upper) < 0)) throw fail(`Ranges overlap: ${spec}`);
    restrictions.push(next);
    rest = rest
      .slice(end + 1)
      .trim()
      .replace(/^,\s*/, '');
  }
  if (rest !== '') throw fail(`Only fully-qualified sets allowed in multiple set scenario: ${spec}`);
  return restrictions;
}

function parseRestriction(text: string): Restriction {
  const lowerInclusive = text.startsWith('[');
  const upperInclusive = text.endsWith(']');
  const inner = text.slice(1, -1).trim();
  const comma = inner.indexOf(',');
  if (comma < 0) {
    if (!lowerInclusive || !upperInclusive) throw fail(`Single version must be surrounded by []: ${text}`);
    return { lower: inner, lowerInclusive, upper: inner, upperInclusive };
  }
  const lower = inner.slice(0, comma).trim() || null;
  const upper = inner.slice(comma + 1).trim() || null;
  if (lower !== null && upper !== null) {
    const order = compareVersions(upper, lower);
    if (order < 0 || (order === 0 && !(lowerInclusive && upperInclusive))) throw fail(`Range defies version ordering: ${text}`);
  }
  return { lower, lowerInclusive, upper, upperInclusive };
}

/** Maven's qualifiers in order; the empty one is the release, unknown ones come after it, numbers at the end. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const ALIASES: Readonly<Record<string, string>> = { a: 'alpha', b: 'beta', m: 'milestone', cr: 'rc', ga: '', final: '', release: '' };

function compareVersions(a: string, b: string): number {
  const left = versionParts(a);
  const right = versionParts(b);
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const order = compareParts(left[i] ?? '', right[i] ?? '');
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers and qualifiers of a version, without zeros. */
function versionParts(version: string): string[] {
  const parts = version.toLowerCase().match(/\d+|[^\d.\-_+]+/g) ?? [];
  return parts.map(part => ALIASES[part] ?? part.replace(/^0+(?=\d)/, '')).map(part => (part === '0' ? '' : part));
}

function compareParts(a: string, b: string): number {
  const numberA = /^\d+$/.test(a);
  const numberB = /^\d+$/.test(b);
  if (numberA && numberB) return Number(a) - Number(b);
  if (numberA !== numberB) return numberA ? 1 : -1;
  const rank = (part: string): number => (QUALIFIERS.includes(part) ? QUALIFIERS.indexOf(part) : QUALIFIERS.length);
  return rank(a) - rank(b) || a.localeCompare(b);
}
