/**
 * Translates a pattern for JavaScript's engine, and derives from its form the most steps that engine may take. It is for ASCII texts only:
 * a class is then the result of Java's test on 128 characters, and the engines cannot differ about Unicode.
 */
import { ASSERTIONS } from './regex-assertions';
import { ALL_MEMBERS, classSource, END_MEMBER, membersOf } from './regex-members';
import { type Assertion, type Group, type RegexNode, type Repeat, UNLIMITED } from './regex-syntax';

/** What follows a node in the direction of matching. */
export interface Follow {
  /** The possible next characters, and the end of the text, as bits. */
  readonly first: bigint;
  /** Steps until a character outside `first` is refused. */
  readonly entry: number;
  /** False if it always matches, so that there is never backtracking into what precedes it. */
  readonly fails: boolean;
}

/** A translated node; its `Follow` members include all that follows it. */
export interface Plan extends Follow {
  readonly source: string;
  /** True if it may match nothing. */
  readonly nullable: boolean;
  /** The most steps of one attempt, without what follows; infinite for a node that must be interpreted. */
  readonly steps: number;
  /** The most ends after which more than the first character of what follows is tried. */
  readonly ways: number;
}

/** The surroundings of a node. */
interface Place {
  /** Characters of the longest text. */
  readonly length: number;
  /** False if Java and JavaScript differ about captures: inside repetitions and lookarounds. */
  readonly captures: boolean;
  /** True in a lookbehind, which JavaScript matches from its end; the lengths that Java tries are exact only without repetitions. */
  readonly isBackward: boolean;
}

/** After the whole text. */
export const TEXT_END: Follow = { first: END_MEMBER, entry: 1, fails: true };
/** After a match that is complete, whatever follows. */
export const MATCHED: Follow = { first: ALL_MEMBERS, entry: 0, fails: false };
/** Anything may follow, and fail. */
const UNKNOWN: Follow = { first: ALL_MEMBERS, entry: 1, fails: true };

const INTERPRETED: Plan = { ...UNKNOWN, source: '', nullable: true, steps: Number.POSITIVE_INFINITY, ways: Number.POSITIVE_INFINITY };
const EMPTY: RegexNode = { kind: 'sequence', nodes: [] };

const ASSERTION_SOURCES: ReadonlyMap<Assertion, string> = new Map([
  [ASSERTIONS.textStart, '^'],
  [ASSERTIONS.textEnd, '$'],
  [ASSERTIONS.end, '(?=\\r?\\n?$)(?!(?<=\\r)\\n)'],
  [ASSERTIONS.unixEnd, '(?=\\n?$)'],
  [ASSERTIONS.wordBoundary, '\\b'],
  [ASSERTIONS.noWordBoundary, '\\B'],
]);
const ASSERTION_STEPS = 4;

const openingOf = (group: Group): string => (group.index > 0 ? '(' : '(?:');
/** True for a capturing group about which the engines differ. */
const differs = (group: Group, place: Place): boolean => group.index > 0 && !place.captures;
const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);

/** The plan of a pattern for texts of up to `length` characters; its steps are infinite if it must be interpreted. */
export function planPattern(root: RegexNode, follow: Follow, length: number): Plan {
  return plan(root, follow, { length, captures: true, isBackward: false });
}

function plan(node: RegexNode, follow: Follow, place: Place): Plan {
  switch (node.kind) {
    case 'char': {
      const first = membersOf(node.test);
      return { source: classSource(first), first, entry: 1, fails: true, nullable: false, steps: 1, ways: 1 };
    }
    case 'sequence':
      return planSequence(node.nodes, follow, place);
    case 'choice':
      return planChoice(node.choices, follow, place);
    case 'group': {
      const body = plan(node.body, follow, place);
      return differs(node, place) ? INTERPRETED : { ...body, source: `${openingOf(node)}${body.source})` };
    }
    case 'repeat':
      return planRepeat(node, follow, place);
    case 'ahead':
      // A lookahead in a lookbehind would be matched forward again.
      return place.isBackward ? INTERPRETED : planLook(node.negative ? '(?!' : '(?=', node.body, { ...place, captures: false });
    case 'behind':
      return planLook(node.negative ? '(?<!' : '(?<=', node.body, { ...place, captures: false, isBackward: true });
    case 'assertion': {
      const source = ASSERTION_SOURCES.get(node.holds);
      return source === undefined
        ? INTERPRETED
        : { ...UNKNOWN, source, nullable: true, entry: ASSERTION_STEPS, steps: ASSERTION_STEPS, ways: 1 };
    }
    default:
      // Back references, atomic groups, \R and \X.
      return INTERPRETED;
  }
}

function planSequence(nodes: readonly RegexNode[], follow: Follow, place: Place): Plan {
  const end: Plan = { ...follow, source: '', nullable: true, steps: 0, ways: 1 };
  return (place.isBackward ? nodes : nodes.toReversed()).reduce<Plan>((rest, node) => {
    const head = plan(node, rest, place);
    return {
      ...head,
      source: place.isBackward ? rest.source + head.source : head.source + rest.source,
      nullable: head.nullable && rest.nullable,
      steps: head.steps + (rest.fails ? head.ways : 1) * rest.steps,
      ways: head.ways * rest.ways,
    };
  }, end);
}

/** Branches that begin with different characters cost nothing: one character decides. */
function planChoice(choices: readonly RegexNode[], follow: Follow, place: Place): Plan {
  const plans = choices.map(choice => plan(choice, follow, place));
  let first = 0n;
  let overlap = 0n;
  for (const branch of plans) {
    overlap |= first & branch.first;
    first |= branch.first;
  }
  const entry = plans.length + sum(plans.map(branch => branch.entry));
  const steps = plans.map(branch => branch.steps);
  const ways = plans.map(branch => branch.ways);
  return {
    source: `(?:${plans.map(branch => branch.source).join('|')})`,
    first,
    entry,
    fails: plans.every(branch => branch.fails),
    nullable: plans.some(branch => branch.nullable),
    steps: overlap ? plans.length + sum(steps) : entry + Math.max(...steps),
    ways: overlap ? sum(ways) : Math.max(...ways),
  };
}

/** Repeats a character, or a group that never matches nothing and matches in one way only; otherwise the ways would multiply. */
function planRepeat(node: Repeat, follow: Follow, place: Place): Plan {
  const { body, mode, min, max } = node;
  if (mode === 'possessive' || place.isBackward || (body.kind !== 'char' && body.kind !== 'group')) return INTERPRETED;
  if (body.kind === 'group' && differs(body, place)) return INTERPRETED;
  if (node.optional && body.kind === 'group') return planChoice(mode === 'greedy' ? [body, EMPTY] : [EMPTY, body], follow, place);
  // Either itself again or the rest may follow.
  const inner = plan(body.kind === 'group' ? body.body : body, UNKNOWN, { ...place, captures: false });
  if (inner.nullable || inner.ways !== 1) return INTERPRETED;
  const atom = body.kind === 'group' ? `${openingOf(body)}${inner.source})` : inner.source;
  const times = Math.min(max, place.length);
  const isDecided = (inner.first & follow.first) === 0n;
  const givesBack = follow.fails && min < max;
  return {
    source: `${atom}{${min},${max === UNLIMITED ? '' : max}}${mode === 'lazy' ? '?' : ''}`,
    first: min > 0 ? inner.first : inner.first | follow.first,
    entry: 1 + inner.entry + (min > 0 ? 0 : follow.entry),
    fails: min > 0 || follow.fails,
    nullable: min === 0,
    steps: 1 + times * inner.steps + (givesBack && isDecided ? (times + 1) * follow.entry : 0),
    // If what is repeated cannot be what follows, there is only one end.
    ways: givesBack && !isDecided ? Math.min(max - min, place.length) + 1 : 1,
  };
}

function planLook(opening: string, body: RegexNode, place: Place): Plan {
  const inner = plan(body, MATCHED, place);
  const steps = 1 + inner.steps;
  return { ...UNKNOWN, source: `${opening}${inner.source})`, nullable: true, entry: steps, steps, ways: 1 };
}
