/**
 * One HTML page with everything in it: works from a disk, offline, and asks nothing of any server. The charts are
 * drawn by uPlot, whose script and style are copied into the page.
 */
import {
  chartDrawing,
  chartLibrary,
  escapeHtml,
  pageStyle,
  scriptJson,
  type ReportChart,
} from './page-parts';

export interface ReportContent {
  title: string;
  summary: string;
  charts: readonly ReportChart[];
  samples: readonly { step: number; texts: readonly string[] }[];
  settings: Readonly<Record<string, unknown>>;
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
${pageStyle}
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
${chartDrawing}
</script>
</body>
</html>
`;
}
