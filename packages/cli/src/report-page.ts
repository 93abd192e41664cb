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
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; color: #222; }
th { text-align: left; padding-right: 2rem; font-weight: 600; }
pre { background: #f4f4f4; padding: 0.75rem 1rem; overflow-x: auto; white-space: pre-wrap; }
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
${draw}
</script>
</body>
</html>
`;
}

/** Runs in the browser. Lines of one chart have their own x; uPlot.join puts them on a common one. */
const draw = `
const colours = ['#1f77b4', '#d62728', '#bbbbbb', '#888888', '#555555'];
const place = document.getElementById('charts');
for (const { title, lines } of charts) {
  const drawn = lines.filter(({ x }) => x.length > 0);
  if (!drawn.length) continue;
  const data = uPlot.join(drawn.map(({ x, y }) => [x, y]));
  const series = drawn.map(({ name, dashed }, k) => ({
    label: name, stroke: colours[k % colours.length], width: 2, spanGaps: true, dash: dashed ? [6, 6] : undefined,
  }));
  const options = {
    title, width: place.clientWidth, height: 320, scales: { x: { time: false } },
    series: [{ label: 'step' }, ...series], axes: [{ label: 'step' }, {}],
  };
  new uPlot(options, data, place);
}`;
