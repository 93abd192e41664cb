/**
 * One HTML page with everything in it: works from a disk, offline, and asks nothing of any server. The charts are
 * drawn by uPlot, whose script and style are copied into the page.
 */
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
}

export interface ReportContent {
  title: string;
  summary: string;
  charts: readonly ReportChart[];
  samples: readonly { step: number; texts: readonly string[] }[];
  settings: Readonly<Record<string, unknown>>;
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => escapes[character]);
}

/** JSON inside a script element: no `<`, so no end tag. */
function scriptJson(value: unknown): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}

function chartLibrary(): { style: string; script: string } {
  const require = createRequire(import.meta.url);
  return {
    style: readFileSync(require.resolve('uplot/dist/uPlot.min.css'), 'utf8'),
    script: readFileSync(require.resolve('uplot/dist/uPlot.iife.min.js'), 'utf8'),
  };
}

/** The page as text. */
export function reportPage({ title, summary, charts, samples, settings }: ReportContent): string {
  const { style, script } = chartLibrary();
  const rows = Object.entries(settings)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `<tr><th>${escapeHtml(name)}</th><td>${escapeHtml(String(value))}</td></tr>`);
  const written = samples.map(({ step, texts }) => {
    return `<h3>Step ${step.toLocaleString('en-US')}</h3><pre>${escapeHtml(texts.join('\n'))}</pre>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}
${colours}
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
body { color: var(--text); background: var(--page); overflow-wrap: break-word; }
th { text-align: left; padding-right: 2rem; font-weight: 600; vertical-align: top; }
td { overflow-wrap: anywhere; }
pre { background: var(--box); padding: 0.75rem 1rem; white-space: pre-wrap; overflow-wrap: anywhere; }
.uplot { margin-bottom: 2rem; }
.u-select { background: var(--grid); }
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
<p>${escapeHtml(summary)}</p>
<div id="charts"></div>
<h2>Samples</h2>
${written.join('\n') || '<p>None were drawn.</p>'}
<h2>Settings</h2>
<table>${rows.join('\n')}</table>
<script>${script}</script>
<script>
const charts = ${scriptJson(charts)};
${drawing}
</script>
</body>
</html>
`;
}

/** Of both schemes: text and lines stand out from the page by a contrast of 3 at least. --line-0 … are those of a chart. */
const colours = `
:root { color-scheme: light dark; --page: #ffffff; --text: #222222; --box: #f4f4f4; --grid: #e2e2e2;
  --line-0: #1f77b4; --line-1: #d62728; --line-2: #808080; --line-3: #2a8a2a; --line-4: #8a5fbf; }
@media (prefers-color-scheme: dark) {
  :root { --page: #16181c; --text: #e4e4e4; --box: #23262c; --grid: #3a3e46;
    --line-0: #6cb2eb; --line-1: #ff7b72; --line-2: #a0a0a0; --line-3: #6fcf6f; --line-4: #c09cf0; }
}`;

/**
 * Runs in the browser. Lines of one chart have their own x; uPlot.join puts them on a common one. Drawn anew when the
 * window gets another width or the reader another colour scheme.
 */
const drawing = `
const place = document.getElementById('charts');
const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim();
const short = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4, notation: 'compact' });
function drawChart({ title, lines }) {
  const drawn = lines.filter(({ x }) => x.length > 0);
  if (!drawn.length) return;
  const data = uPlot.join(drawn.map(({ x, y }) => [x, y]));
  const series = drawn.map(({ name, dashed }, k) => ({
    label: name, stroke: colour('line-' + (k % 5)), width: 2, spanGaps: true, dash: dashed ? [6, 6] : undefined,
  }));
  const axis = { stroke: colour('text'), grid: { stroke: colour('grid') }, ticks: { stroke: colour('grid') } };
  const options = {
    title, width: place.clientWidth, height: 320, scales: { x: { time: false } },
    series: [{ label: 'step' }, ...series],
    axes: [{ ...axis, label: 'step' }, { ...axis, size: 64, values: (_, marks) => marks.map((y) => short.format(y)) }],
  };
  new uPlot(options, data, place);
}
function draw() {
  place.replaceChildren();
  charts.forEach(drawChart);
}
draw();
let width = place.clientWidth;
addEventListener('resize', () => {
  if (place.clientWidth === width) return;
  width = place.clientWidth;
  draw();
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);`;
