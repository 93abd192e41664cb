/** Plots of docs/benchmarks.md. `npm run bench` hands over the measured points and writes the SVG texts that come back. */
import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';

const ink = '#5c6b7a'; // readable on a light and on a dark page
/** Of middle lightness, to be seen on a light and on a dark page; ours in warm colours. */
const colors = {
  rnnlab: '#e8590c',
  PyTorch: '#4263eb',
  NumPy: '#0c8599',
  Keras: '#9c36b5',
  'tfjs-node': '#2f9e44',
  'tfjs wasm': '#74a816',
  'tfjs cpu': '#a3a30b',
  'brain.js': '#868e96',
};

function svgOf(document, options) {
  const svg = Plot.plot({
    document,
    style: { color: ink, fontFamily: 'sans-serif', background: 'none' },
    ...options,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  return `${svg.outerHTML.replace(/ d="[^"]*"/g, (d) => d.replace(/(\.\d)\d+/g, '$1'))}\n`;
}

const shown = [
  'wasm',
  'wasm-2',
  'blas-2',
  'pytorch-2',
  'numpy-2',
  'keras-2',
  'tfjs-node',
  'tfjs-wasm',
  'tfjs-cpu',
  'brain',
  'reference',
]; // prettier-ignore

/** Labels at the ends of lines, moved apart on a logarithmic axis so that none covers another. */
function endLabels(points, x, y, gap) {
  const ends = [...new Map(points.map((point) => [point.id, point])).values()];
  let last = 0;
  return ends
    .sort((a, b) => a[y] - b[y])
    .map((end) => ({
      ...end,
      label: (last = Math.max(end[y], last * gap)),
      at: Math.max(...points.map((p) => p[x])),
    }));
}

function lines(points, x, y) {
  const stroke = ({ family }) => colors[family] ?? ink;
  return [
    Plot.line(points, {
      x,
      y,
      z: 'id',
      stroke,
      strokeWidth: 1.8,
      strokeDasharray: ({ id }) => (id === 'wasm' ? '4 3' : undefined),
    }),
    Plot.dot(points, { x, y, r: 2.6, fill: stroke }),
  ];
}

function trainPlot(document, all) {
  const points = all.filter(
    ({ workload, id, numLayers, cell }) =>
      workload.startsWith('train-') && cell === 'lstm' && numLayers === 1 && shown.includes(id),
  ); // prettier-ignore
  if (points.length === 0) return undefined;
  const labels = endLabels(points, 'hiddenSize', 'rate', 1.42);
  return svgOf(document, {
    width: 860,
    height: 460,
    marginLeft: 60,
    marginRight: 170,
    x: { type: 'log', base: 2, label: 'hidden size', ticks: [64, 128, 256, 512], tickFormat: 'd' },
    y: { type: 'log', label: 'characters a second', grid: true, tickFormat: '~s' },
    marks: [
      ...lines(points, 'hiddenSize', 'rate'),
      Plot.text(labels, {
        x: 'at',
        y: 'label',
        text: 'name',
        textAnchor: 'start',
        dx: 10,
        fontSize: 12,
        fill: ({ family }) => colors[family] ?? ink,
      }), // prettier-ignore
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
  const stroke = ({ family }) => colors[family] ?? ink;
  const ends = [...new Map(points.map((point) => [`${point.panel} ${point.id}`, point])).values()];
  return svgOf(document, {
    width: 860,
    height: 340,
    marginLeft: 50,
    marginRight: 20,
    fx: { domain: axes.map(([panel]) => panel), label: null },
    x: { type: 'log', base: 2, label: 'size', tickFormat: 'd', ticks: 6 },
    y: { type: 'log', label, grid: true, tickFormat: '~g' },
    marks: [
      Plot.line(points, {
        fx: 'panel',
        x: 'size',
        y,
        z: 'id',
        stroke,
        strokeWidth: 1.8,
        strokeDasharray: ({ id }) => (id === 'wasm' ? '4 3' : undefined),
      }), // prettier-ignore
      Plot.dot(points, { fx: 'panel', x: 'size', y, r: 2.6, fill: stroke }),
      Plot.text(ends, {
        fx: 'panel',
        x: 'size',
        y,
        text: 'name',
        textAnchor: 'end',
        dy: -8,
        fontSize: 10,
        fill: stroke,
      }),
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
