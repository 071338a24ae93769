/** Java's analysis of a pattern before matching: how long a match can be, and whether there is more than one way to match. */
import { type RegexNode, UNLIMITED } from './regex-syntax';

/** The shortest and longest match in UTF-16 units; `bounded` is false if Java sees no maximum. */
interface Extent {
  min: number;
  max: number;
  bounded: boolean;
  /** True if a text can be matched in one way only. */
  deterministic: boolean;
}

/** Studies what follows the node. */
type Rest = (extent: Extent) => void;

/** The extent of a node. As in Java, counts have 32 bits and overflow for huge repetitions. */
export function study(node: RegexNode): Extent {
  return studyAfresh(extent => studyNode(node, extent, () => {}));
}

function studyAfresh(run: Rest): Extent {
  const extent: Extent = { min: 0, max: 0, bounded: true, deterministic: true };
  run(extent);
  return extent;
}

function studyNode(node: RegexNode, extent: Extent, rest: Rest): void {
  switch (node.kind) {
    case 'sequence':
      node.nodes.reduceRight<Rest>((next, child) => soFar => studyNode(child, soFar, next), rest)(extent);
      return;
    case 'group':
      studyNode(node.body, extent, rest);
      return;
    case 'atomic':
      studyNode(node.body, extent, () => {});
      break;
    case 'choice':
      studyChoices(node.choices, extent, rest);
      return;
    case 'repeat':
      studyRepeat(node, extent, rest);
      return;
    case 'char':
      grow(extent, 1, 1);
      break;
    case 'line-ending':
      grow(extent, 1, 2);
      break;
    case 'reference':
      extent.bounded = false;
      break;
    default:
    // Java does not assume a length for a grapheme cluster either.
  }
  rest(extent);
}

function grow(extent: Extent, min: number, max: number): void {
  extent.min = (extent.min + min) | 0;
  extent.max = (extent.max + max) | 0;
}

/** What follows alternatives is studied separately, and its length is added without a check for overflow. */
function studyChoices(choices: readonly RegexNode[], extent: Extent, rest: Rest): void {
  const extents = choices.map(study);
  const following = studyAfresh(rest);
  grow(extent, Math.min(...extents.map(choice => choice.min)) + following.min, 0);
  grow(extent, 0, Math.max(...extents.map(choice => choice.max)) + following.max);
  extent.bounded = extent.bounded && following.bounded && extents.every(choice => choice.bounded);
  extent.deterministic = false;
}

function studyRepeat(node: RegexNode & { kind: 'repeat' }, extent: Extent, rest: Rest): void {
  const isGroup = node.body.kind === 'group' && node.mode !== 'possessive';
  if (isGroup && node.optional) {
    studyChoices([node.body, { kind: 'sequence', nodes: [] }], extent, rest);
    return;
  }
  const body = study(node.body);
  if (isGroup && !body.deterministic) {
    // What follows such a loop is not studied.
    extent.bounded = false;
    extent.deterministic = false;
    return;
  }
  if (node.optional) studyOptional(body, extent);
  else if (isOpenCharLoop(node)) studyOptional({ ...body, min: node.min, max: UNLIMITED }, extent, node.min);
  else studyCounted(node, body, extent);
  rest(extent);
}

function studyOptional(body: Extent, extent: Extent, min = 0): void {
  grow(extent, min, body.max);
  extent.bounded &&= body.bounded;
  extent.deterministic = false;
}

function studyCounted(node: RegexNode & { kind: 'repeat' }, body: Extent, extent: Extent): void {
  const min = (extent.min + Math.imul(body.min, node.min)) | 0;
  extent.min = min < extent.min ? 0xfffffff : min;
  const max = (extent.max + Math.imul(body.max, node.max)) | 0;
  extent.bounded = extent.bounded && body.bounded && max >= extent.max;
  extent.max = max;
  extent.deterministic &&= body.deterministic && node.min === node.max;
}

/** Java has a special node for unlimited repetitions of a character, which its study treats as one of known length. */
function isOpenCharLoop(node: RegexNode & { kind: 'repeat' }): boolean {
  return node.max === UNLIMITED && node.mode === 'greedy' && node.body.kind === 'char';
}
