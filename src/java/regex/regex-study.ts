/** What Java finds out about a pattern before it matches: how long a text can be, and whether there is more than one way to match it. */
import { type RegexNode, UNLIMITED } from './regex-syntax';

/** The shortest and longest text in UTF-16 units; `bounded` false: Java sees no maximum. */
interface Extent {
  min: number;
  max: number;
  bounded: boolean;
  /** True if each text is matched in one way only. */
  deterministic: boolean;
}

/** What follows the node that is studied. */
type Rest = (extent: Extent) => void;

/** The extent of a node. Java counts in 32 bits, so that huge repetitions overflow, and so do we. */
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
    // of a grapheme cluster Java assumes no length either
  }
  rest(extent);
}

function grow(extent: Extent, min: number, max: number): void {
  extent.min = (extent.min + min) | 0;
  extent.max = (extent.max + max) | 0;
}

/** What follows alternatives is studied apart, so that its length is added without a look at overflow. */
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
    // what follows such a loop is not looked at
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

/** Java has a node of its own for as many of a character as there are; it passes for one of known length. */
function isOpenCharLoop(node: RegexNode & { kind: 'repeat' }): boolean {
  return node.max === UNLIMITED && node.mode === 'greedy' && node.body.kind === 'char';
}
