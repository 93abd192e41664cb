/** Plots of docs/benchmarks.md. `npm run bench` hands over the measured points and writes the SVG texts that come back. */
import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';

const ink = '#5c6b7a'; // readable on a light and on a dark page
/** Who is drawn, in colours of middle lightness, to be seen on a light and on a dark page; ours are warm. */
const colors = {
  'wasm-2': '#e8590c',
  'blas-2': '#c2255c',
  wasm: '#f08c00',
  reference: '#b08968',
  'pytorch-2': '#4263eb',
  'numpy-2': '#0c8599',
  'keras-2': '#9c36b5',
  'tfjs-node': '#2f9e44',
  'tfjs-wasm': '#74a816',
  'tfjs-cpu': '#a3a30b',
  brain: '#868e96',
};
const colorOf = ({ id }) => colors[id];

function svgOf(document, options) {
  const svg = Plot.plot({
    document,
    style: { color: ink, fontFamily: 'sans-serif', background: 'none' },
    ...options,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML.replace(/ d="[^"]*"/g, (d) => d.replace(/(\.\d)\d+/g, '$1'))}\n`;
}

/** Labels at the ends of lines, those that end together moved apart on a logarithmic axis so that none covers another. */
function endLabels(points, x, y, gap) {
  const ends = [...new Map(points.map((point) => [point.id, point])).values()].sort((a, b) => a[y] - b[y]);
  const last = new Map();
  return ends.map((end) => {
    const label = Math.max(end[y], (last.get(end[x]) ?? 0) * gap);
    last.set(end[x], label);
    return { ...end, label };
  });
}

const labels = (ends, options) =>
  Plot.text(ends, {
    y: 'label',
    text: 'name',
    textAnchor: 'start',
    dx: 8,
    fontSize: 11,
    fill: colorOf,
    ...options,
  }); // prettier-ignore

function trainPlot(document, all) {
  const points = all.filter(
    ({ workload, id, numLayers, cell }) =>
      workload.startsWith('train-') && cell === 'lstm' && numLayers === 1 && colors[id],
  ); // prettier-ignore
  if (points.length === 0) return undefined;
  return svgOf(document, {
    width: 860,
    height: 460,
    marginLeft: 60,
    marginRight: 170,
    x: { type: 'log', base: 2, label: 'hidden size', ticks: [64, 128, 256, 512], tickFormat: 'd' },
    y: { type: 'log', label: 'characters a second', grid: true, tickFormat: '~s' },
    marks: [
      Plot.line(points, { x: 'hiddenSize', y: 'rate', z: 'id', stroke: colorOf, strokeWidth: 1.8 }),
      Plot.dot(points, { x: 'hiddenSize', y: 'rate', r: 2.6, fill: colorOf }),
      labels(endLabels(points, 'hiddenSize', 'rate', 1.4), { x: 'hiddenSize' }),
    ],
  });
}

const axes = [
  ['hidden size', 'hiddenSize', 128],
  ['steps', 'seqLen', 64],
  ['rows', 'batchSize', 32],
];

/** One panel an axis: the others stay at their usual size. */
function growthPlot(document, all, y, label) {
  const usual = (point, except) => axes.every(([, key, size]) => key === except || point[key] === size);
  const ids = ['wasm', 'wasm-2', 'pytorch-2', 'tfjs-node'];
  const points = axes.flatMap(([panel, key]) =>
    all
      .filter((p) => p.cell === 'lstm' && p.numLayers === 1 && p.workload !== 'single' && ids.includes(p.id))
      .filter((p) => usual(p, key) && p[y])
      .map((p) => ({ ...p, panel, size: p[key] }))
      .sort((a, b) => a.size - b.size),
  );
  if (points.length === 0) return undefined;
  const [low, high] = [Math.min(...points.map((p) => p[y])), Math.max(...points.map((p) => p[y]))];
  const inLast = points.filter(({ panel }) => panel === axes.at(-1)[0]);
  return svgOf(document, {
    width: 860,
    height: 340,
    marginLeft: 50,
    marginRight: 130,
    fx: { domain: axes.map(([panel]) => panel), label: null },
    x: { type: 'log', base: 2, label: null, tickFormat: 'd', ticks: 6 },
    y: { type: 'log', label, grid: true, tickFormat: '~g' },
    marks: [
      Plot.line(points, { fx: 'panel', x: 'size', y, z: 'id', stroke: colorOf, strokeWidth: 1.8 }),
      Plot.dot(points, { fx: 'panel', x: 'size', y, r: 2.6, fill: colorOf }),
      // the same colours in all panels, named once
      labels(endLabels(inLast, 'size', y, (high / low) ** 0.055), { fx: 'panel', x: 'size' }),
    ],
  });
}

/**
 * @param {object[]} points of pointsOf in bench/write-page.mjs
 * @returns {Record<string, string>} SVG by name; a plot without points is left out
 */
export function benchmarkPlots(points) {
  const { document } = new JSDOM('').window;
  const plots = {
    'train-lstm': trainPlot(document, points),
    growth: growthPlot(document, points, 'seconds', 'seconds a step'),
    'growth-memory': growthPlot(document, points, 'peakMiB', 'peak memory, MiB'),
  };
  return Object.fromEntries(Object.entries(plots).filter(([, svg]) => svg));
}
