/** Heat maps for a page: canvases that a script in the page draws, anew for every width and colour scheme. */

/** One canvas. */
export interface HeatMap {
  /** Read out instead of the picture. */
  label: string;
  /** cells[row][column] */
  cells: number[][];
  /** `log`: nothing at 1e-9 and below, full at 1e-3; `signed`: blue at −limit, orange at +limit. */
  scale: 'log' | 'signed';
  /** Of `signed`. Default 1. */
  limit?: number;
  /** Characters under the columns. */
  text?: readonly string[];
}

export const heatMapStyle = `
:root { --heat: #b3261e; --positive: #c2570c; --negative: #1c5fb0; }
@media (prefers-color-scheme: dark) { :root { --heat: #ff8a80; --positive: #ffa366; --negative: #74b3ff; } }
canvas[data-map] { display: block; width: 100%; }
.map { display: grid; grid-template-columns: max-content minmax(0, 1fr) max-content; gap: 2px 0.75rem; align-items: center; }
.map .name, .map .value { font: 13px/1.4 ui-monospace, monospace; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; font: 13px/1.4 ui-monospace, monospace; }
.legend i { display: inline-block; width: 1.5em; height: 1em; background: var(--heat); margin-right: 0.4em; vertical-align: -0.1em; }
.legend span { border-bottom: 1px solid var(--grid); }
.trio { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.5rem 1rem; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0 1rem; }
.pair > div, figure { min-width: 0; margin: 0; }
figcaption { font-size: 13px; }
h3 code { font-size: 1.1em; }
.wide { overflow-x: auto; }
.wide td { padding-right: 1.5rem; overflow-wrap: normal; }
`;

/** Runs in the browser behind the drawing of the charts and `const maps = [HeatMap, …]`. */
export const heatMapDrawing = `
function drawMap(canvas) {
  const { cells, scale, limit = 1, text } = maps[canvas.dataset.map];
  const [rows, columns] = [cells.length, cells[0].length];
  const rowHeight = rows === 1 ? 18 : Math.max(2, Math.min(8, Math.floor(200 / rows)));
  const [across, down] = [canvas.clientWidth, rows * rowHeight];
  const dense = window.devicePixelRatio || 1;
  const size = across / columns;
  const labelled = text && size >= 9;
  const full = down + (labelled ? 18 : 0);
  canvas.style.height = full + 'px';
  canvas.width = Math.round(across * dense);
  canvas.height = Math.round(full * dense);
  const pen = canvas.getContext('2d');
  pen.scale(dense, dense);
  pen.fillStyle = colour('box');
  pen.fillRect(0, 0, across, down);
  cells.forEach((row, r) => row.forEach((x, c) => {
    const strength = scale === 'log' ? (x > 0 ? (Math.log10(x) + 9) / 6 : 0) : Math.abs(x) / limit;
    pen.globalAlpha = Number.isNaN(x) ? 1 : Math.min(1, Math.max(0, strength));
    pen.fillStyle = colour(scale === 'log' ? 'heat' : x > 0 ? 'positive' : 'negative');
    const gap = size > 4 ? 1 : 0;
    pen.fillRect(c * size, r * rowHeight, size - gap, rowHeight - (rows === 1 ? 0 : rowHeight > 4 ? 1 : 0));
  }));
  pen.globalAlpha = 1;
  if (!labelled) return;
  pen.fillStyle = colour('text');
  pen.font = '13px ui-monospace, monospace';
  pen.textAlign = 'center';
  text.forEach((character, c) => pen.fillText(character, (c + 0.5) * size, down + 14));
}
drawings.push(() => document.querySelectorAll('canvas[data-map]').forEach(drawMap));`;
