/**
 * Pictures of recorded figures, as SVG: made from the tables of the pages by `npm run readme`, and held equal to them by a test. They load
 * nothing, and follow the light or dark theme of the reader.
 */

const WIDTH = 860;
const FONT = 'system-ui, -apple-system, "Segoe UI", sans-serif';

/** Colours of both themes: text, muted text, lines, ours, theirs, good, bad. */
const STYLE = `
  svg { font: 13px ${FONT}; }
  .text { fill: #1f2328; } .muted { fill: #59636e; } .strong { font-weight: 600; }
  .ours { fill: #0969da; } .theirs { fill: #afb8c1; } .good { fill: #1a7f37; } .may { fill: #54aeff; } .bad { fill: #cf222e; } .none { fill: #d1d9e0; }
  @media (prefers-color-scheme: dark) {
    .text { fill: #e6edf3; } .muted { fill: #9198a1; }
    .ours { fill: #4493f8; } .theirs { fill: #59636e; } .good { fill: #3fb950; } .may { fill: #388bfd; } .bad { fill: #f85149; } .none { fill: #30363d; }
  }`;

function svg(title: string, height: number, body: readonly string[]): string {
  const head = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${escapeText(title)}">`;
  return `${[head, `<title>${escapeText(title)}</title>`, `<style>${STYLE}\n</style>`, ...body, '</svg>'].join('\n')}\n`;
}

const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

function text(x: number, y: number, content: string, look = 'text', anchor = 'start'): string {
  return `<text x="${x}" y="${y}" class="${look}" text-anchor="${anchor}">${escapeText(content)}</text>`;
}

function bar(x: number, y: number, width: number, height: number, look: string): string {
  return `<rect x="${x}" y="${y}" width="${Math.max(1, Math.round(width))}" height="${height}" rx="2" class="${look}"/>`;
}

/** The cells of each row of a markdown table, without its head. */
function tableRows(page: string, begin: string, end: string): string[][] {
  const from = page.indexOf(begin);
  const to = page.indexOf(end, from);
  if (from < 0 || to < 0) throw new Error(`the page has no part from ${begin} to ${end}`);
  const lines = page
    .slice(from, to)
    .split('\n')
    .filter(line => line.startsWith('|') && !/^\| *-/.test(line));
  return lines.map(line =>
    line
      .split('|')
      .slice(1, -1)
      .map(cell => cell.trim()),
  );
}

/** A lane of the benchmark as the chart shows it. */
interface Bar {
  readonly label: string;
  readonly lane: string;
  readonly figure: string;
  readonly unit: string;
}

const SPEED: readonly Bar[] = [
  { label: 'file to topic, String', lane: 'source-string', figure: 'records/s', unit: 'records/s' },
  { label: 'file to topic, JSON', lane: 'source-json', figure: 'records/s', unit: 'records/s' },
  { label: 'topic to file, String', lane: 'sink-string', figure: 'records/s', unit: 'records/s' },
  { label: 'topic to file, JSON', lane: 'sink-json', figure: 'records/s', unit: 'records/s' },
  { label: 'five transformations, JSON', lane: 'transforms-five-schema', figure: 'records/s', unit: 'records/s' },
];
const COST: readonly Bar[] = [
  { label: 'start to the first record', lane: 'startup', figure: 'ms', unit: 'ms' },
  { label: 'memory, idle', lane: 'idle', figure: 'RSS MiB', unit: 'MiB' },
  { label: 'memory, file to topic', lane: 'source-string', figure: 'peak RSS MiB', unit: 'MiB' },
  { label: 'memory, topic to file', lane: 'sink-string', figure: 'peak RSS MiB', unit: 'MiB' },
];

/** The median at the start of a cell such as `1,638,956 (1,571,321-2,011,381)`. */
function median(cell: string | undefined): number {
  const value = Number(/^[\d.,]+/.exec(cell ?? '')?.[0].replaceAll(',', ''));
  if (!Number.isFinite(value)) throw new Error(`no figure: ${cell}`);
  return value;
}

const BAR_LEFT = 210;
const BAR_WIDTH = 420;
const PAIR_HEIGHT = 44;

/** Rate, start and memory beside the original worker, from the table of the benchmark. @throws Error if a figure is missing */
export function rateChart(benchPage: string): string {
  const rows = tableRows(benchPage, '<!-- bench:start -->', '<!-- bench:end -->');
  const pair = ({ lane, figure }: Bar): readonly [number, number] => {
    const row = rows.find(cells => cells[0] === lane && cells[1] === figure);
    if (!row) throw new Error(`the benchmark has no ${figure} of ${lane}`);
    return [median(row[2]), median(row[3])];
  };
  const body = [
    bar(BAR_LEFT, 10, 12, 12, 'ours'),
    text(BAR_LEFT + 18, 21, 'connect-standalone'),
    bar(BAR_LEFT + 170, 10, 12, 12, 'theirs'),
    text(BAR_LEFT + 188, 21, 'Kafka Connect on Java'),
  ];
  let y = 44;
  for (const [title, bars, better] of [
    ['Rate: longer is better', SPEED, 'more'],
    ['Start and memory: shorter is better', COST, 'less'],
  ] as const) {
    body.push(text(0, y, title, 'text strong'));
    y += 14;
    for (const lane of bars) {
      const [ours, java] = pair(lane);
      const scale = BAR_WIDTH / Math.max(ours, java);
      const times = better === 'more' ? ours / java : java / ours;
      body.push(text(BAR_LEFT - 12, y + 21, lane.label, 'text', 'end'));
      body.push(bar(BAR_LEFT, y + 2, ours * scale, 14, 'ours'), text(BAR_LEFT + ours * scale + 8, y + 14, shown(ours, lane.unit)));
      body.push(
        bar(BAR_LEFT, y + 19, java * scale, 14, 'theirs'),
        text(BAR_LEFT + java * scale + 8, y + 31, shown(java, lane.unit), 'muted'),
      );
      body.push(text(WIDTH - 4, y + 23, `${times.toFixed(1)} x`, 'text strong', 'end'));
      y += PAIR_HEIGHT;
    }
    y += 18;
  }
  return svg('Rate, start and memory beside Kafka Connect on Java', y - 10, body);
}

function shown(value: number, unit: string): string {
  return `${value >= 1_000_000 ? `${(value / 1_000_000).toFixed(2)} M` : Math.round(value).toLocaleString('en')} ${unit}`;
}

const COLUMNS = 3;
const COLUMN_WIDTH = WIDTH / COLUMNS;
const CELL = 54;
const GRID_ROW = 20;

/** What a cell of the grid says: lost, came twice where it may, or neither. */
interface Verdict {
  readonly look: 'good' | 'may' | 'bad' | 'none';
  readonly says: string;
}

/** Every fault in both modes as a grid, from the table of the fault suite. @throws Error if there are no rows */
export function faultGrid(faultsPage: string): string {
  const rows = tableRows(faultsPage, '<!-- faults:start -->', '<!-- faults:end -->').filter(cells => cells[0]?.startsWith('`'));
  const faults = [...new Set(rows.map(cells => (cells[0] ?? '').replaceAll('`', '')))];
  if (faults.length === 0) throw new Error('the page has no faults');
  const verdict = (fault: string, mode: string): Verdict => {
    const row = rows.find(cells => cells[0] === `\`${fault}\`` && cells[2] === mode);
    if (!row) return { look: 'none', says: 'not in this mode' };
    const [, , , lost = '?', twice = '?', , , held = ''] = row;
    if (held !== 'yes') return { look: 'bad', says: `lost ${lost}` };
    return twice === '0' ? { look: 'good', says: 'nothing lost, nothing twice' } : { look: 'may', says: `nothing lost, ${twice} twice` };
  };
  const perColumn = Math.ceil(faults.length / COLUMNS);
  const top = 66;
  const body = [
    ...legend(),
    ...[...Array(COLUMNS).keys()].flatMap(column => [
      text(column * COLUMN_WIDTH, 56, 'at least', 'muted'),
      text(column * COLUMN_WIDTH + CELL + 4, 56, 'exactly once', 'muted'),
    ]),
  ];
  faults.forEach((fault, i) => {
    const x = Math.floor(i / perColumn) * COLUMN_WIDTH;
    const y = top + (i % perColumn) * GRID_ROW;
    ['at-least-once', 'exactly-once'].forEach((mode, k) => {
      const { look, says } = verdict(fault, mode);
      const name = escapeText(`${fault}, ${mode}: ${says}`);
      body.push(`<g><title>${name}</title>${bar(x + k * (CELL + 4), y, CELL, 14, look)}</g>`);
    });
    body.push(text(x + 2 * (CELL + 4) + 4, y + 12, fault));
  });
  return svg('What it survives: each fault in both modes', top + perColumn * GRID_ROW + 4, body);
}

function legend(): string[] {
  const entries = [
    ['good', 'nothing lost, nothing twice', 0],
    ['may', 'nothing lost, some twice as allowed', 240],
    ['bad', 'does not hold', 530],
    ['none', 'not in this mode', 680],
  ] as const;
  return entries.flatMap(([look, label, x]) => [bar(x, 10, 24, 14, look), text(x + 32, 22, label)]);
}
