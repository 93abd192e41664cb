/** What the pages that this program writes share: escaping, colours of both schemes, and line charts drawn by uPlot. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

export interface ReportLine {
  name: string;
  x: readonly number[];
  y: readonly number[];
  dashed?: boolean;
}

export interface ReportChart {
  title: string;
  lines: readonly ReportLine[];
  /** A logarithmic axis; numbers that are not above 0 are left out. */
  logarithmic?: boolean;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character]);
}

/** JSON inside a script element: no `<`, so no end tag. */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

/** uPlot, to be copied into the page. */
export function chartLibrary(): { style: string; script: string } {
  const require = createRequire(import.meta.url);
  return {
    style: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    script: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
  };
}

/** Of both schemes: text and lines stand out from the page by a contrast of 3 at least. --line-0 … are those of a chart. */
const colours = `
:root { color-scheme: light dark; --page: #ffffff; --text: #222222; --box: #f4f4f4; --grid: #e2e2e2;
  --line-0: #1f77b4; --line-1: #d62728; --line-2: #808080; --line-3: #2a8a2a; --line-4: #8a5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e4e4e4; --box: #23262c; --grid: #3a3e46;
    --line-0: #6cb2eb; --line-1: #ff7b72; --line-2: #a0a0a0; --line-3: #6fcf6f; --line-4: #c09cf0; }
}`;

/** Of the whole page. */
export const pageStyle = `${colours}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
body { color: var(--text); background: var(--page); overflow-wrap: break-word; }
th { text-align: left; padding-right: 2rem; font-weight: 600; vertical-align: top; }
td { overflow-wrap: anywhere; }
pre { background: var(--box); padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.uplot { margin-bottom: 2rem; }
.u-select { background: var(--grid); }`;

/**
 * Runs in the browser, behind `const charts = [ReportChart, …]`, and draws into `<div id="charts">`. Lines of one chart have
 * their own x; uPlot.join puts them on a common one. Everything in `drawings` is drawn anew when the window gets another
 * width or the reader another colour scheme.
 */
export const chartDrawing = `
const place = document.getElementById('charts');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4, notation: 'compact' });
function drawChart({ title, lines, logarithmic }) {
  const drawn = lines.filter(({ x }) => x.length > 0);
  if (!drawn.length) return;
  const plain = (y) => (logarithmic ? y.map((value) => (value > 0 ? value : null)) : y);
  const data = uPlot.join(drawn.map(({ x, y }) => [x, plain(y)]));
  const series = drawn.map(({ name, dashed }, k) => ({
    label: name, stroke: colour('line-' + (k % 5)), width: 2, spanGaps: true, dash: dashed ? [6, 6] : undefined,
    ...(logarithmic && { value: (_, value) => (value == null ? '--' : value.toExponential(1)) }),
  }));
  const axis = { stroke: colour('text'), grid: { stroke: colour('grid'), width: 1 }, ticks: { stroke: colour('grid') } };
  const power = (y) => (y && Math.abs(Math.log10(y) % 1) < 1e-9 ? y.toExponential(0) : '');
  const marked = (_, marks) => marks.map((y) => (logarithmic ? power(y) : short.format(y)));
  const options = {
    title, width: place.clientWidth, height: 320,
    scales: { x: { time: false }, ...(logarithmic && { y: { distr: 3 } }) },
    series: [{ label: 'step' }, ...series],
    axes: [{ ...axis, label: 'step' }, { ...axis, size: 64, values: marked }],
  };
  new uPlot(options, data, place);
}
const drawings = [() => {
  place.replaceChildren();
  charts.forEach(drawChart);
}];
const draw = () => drawings.forEach((drawing) => drawing());
addEventListener('load', draw);
let width = innerWidth;
addEventListener('resize', () => {
  if (innerWidth === width) return;
  width = innerWidth;
  draw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);`;
