/**
 * The page of `rnnlab compare`: like that of a training run one file that works from a disk and asks nothing of any server.
 * Curves are uPlot's; the heat maps are canvases, one for each tensor, a cell a number.
 */
import type { Comparison } from './comparison';
import { comparisonSummary, milliseconds, power } from './comparison-summary';
import { bytes, integer } from './format';
import { heatMapDrawing, heatMapStyle, type HeatMap } from './heat-maps';
import {
  chartDrawing,
  chartLibrary,
  escapeHtml,
  pageStyle,
  scriptJson,
  type ReportChart,
} from './page-parts';

/** The page as text. */
export function comparisonPage(comparison: Comparison): string {
  const { title, versions, settings, gates, samples } = comparison;
  const { style, script } = chartLibrary();
  const maps: HeatMap[] = [];
  const canvas = (map: HeatMap) => {
    maps.push(map);
    return `<canvas role="img" aria-label="${escapeHtml(map.label)}" data-map="${maps.length - 1}"></canvas>`;
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${style}
${pageStyle}
${heatMapStyle}
</style>
</head>
<body>
<h1>${escapeHtml(title)}</h1>
${comparisonSummary(comparison)
  .map((sentence) => `<p>${escapeHtml(sentence)}</p>`)
  .join('\n')}
${table([], Object.entries(versions))}
<h2>Training</h2>
<p>Both start from the same weights and read the same batches. Where the lines lie on each other, the dashed one is TensorFlow's.</p>
<div id="charts"></div>
<h2>Differences from the same weights</h2>
<p>One batch, before training. Rows are tensors, columns the steps of time; the stronger the colour, the further apart,
relative to the largest number of the tensor at that step.</p>
${forwardMap(comparison, canvas)}
${legend}
<p>TensorFlow's layers do not show their gates: these are computed again from its elementary operations, whose outputs are
${power(comparison.forward.byHand.relative)} away from those of its layers.</p>
<h3>Gradients</h3>
${gradientTable(comparison)}
<h3>Weights over training</h3>
<p>Rows are parameters, columns the steps of training: ‖difference‖ / ‖weights‖ after the step.</p>
${weightMap(comparison, canvas)}
${legend}
<h2>Gates</h2>
<p>The text <code>${escapeHtml(gates.text.join(''))}</code> through the trained weights of either side. A column is a character, a
row a unit; orange is positive, blue negative. The third picture shows what is between the two, on a scale that ends at the largest
difference.</p>
${gateMaps(comparison, canvas)}
<h2>Samples</h2>
<p>At temperature ${samples.temperature} and seed ${samples.seed}, drawn with the same random numbers.</p>
<div class="pair"><div><h3>rnnlab</h3><pre>${texts(samples.rnnlab)}</pre></div>
<div><h3>TensorFlow</h3><pre>${texts(samples.tensorflow)}</pre></div></div>
<h2>Speed and memory</h2>
${speedTable(comparison)}
<h2>Settings</h2>
${table(
  [],
  Object.entries(settings).map(([name, value]) => [name, String(value)]),
)}
<script>${script}</script>
<script>
const charts = ${scriptJson(chartsOf(comparison))};
const maps = ${scriptJson(maps)};
${chartDrawing}
${heatMapDrawing}
</script>
</body>
</html>
`;
}

type Canvas = (map: HeatMap) => string;

const legend = `<p class="legend">${[-8, -7, -6, -5, -4, -3]
  .map((e) => `<span><i style="opacity:${opacity(10 ** e)}"></i>1e${e}</span>`)
  .join(' ')}</p>`;

/** As the script draws it: from nothing at 1e-9 to full at 1e-3. */
function opacity(x: number): number {
  return Math.min(1, Math.max(0, (Math.log10(x) + 9) / 6));
}

function texts(all: readonly string[]): string {
  return escapeHtml(all.join('\n'));
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const titles = head.length ? `<tr>${head.map((cell) => `<th>${escapeHtml(cell)}</th>`).join('')}</tr>` : '';
  const body = rows.map(([name, ...cells]) => {
    return `<tr><th>${escapeHtml(name)}</th>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join('')}</tr>`;
  });
  return `<div class="wide"><table>${titles}${body.join('\n')}</table></div>`;
}

function chartsOf({ training, versions }: Comparison): ReportChart[] {
  const { steps } = training;
  const x = steps.map(({ step }) => step);
  const measured = steps.filter(({ distance }) => distance !== undefined);
  const theirs = `TensorFlow.js (${versions['TensorFlow.js'].split('engine ')[1]})`;
  return [
    {
      title: 'Loss, nats per character',
      lines: [
        { name: 'rnnlab', x, y: steps.map(({ loss }) => loss.rnnlab) },
        { name: theirs, x, y: steps.map(({ loss }) => loss.tensorflow), dashed: true },
      ],
    },
    {
      title: 'How far apart, relative',
      logarithmic: true,
      lines: [
        { name: 'losses', x, y: steps.map(({ relative }) => relative) },
        {
          name: 'weights',
          x: measured.map(({ step }) => step),
          y: measured.map(({ distance }) => distance!),
        },
      ],
    },
  ];
}

/** A row of a heat map with a name in front and a number behind it. */
function mapRow(name: string, map: string, value: string): string {
  return `<div class="name">${escapeHtml(name)}</div>${map}<div class="value">${value}</div>`;
}

function forwardMap({ forward }: Comparison, canvas: Canvas): string {
  const rows = forward.tensors.map(({ name, steps, largest }) => {
    const cells = [steps.map(({ relative }) => relative)];
    const label = `${name}: relative difference at each time step`;
    return mapRow(name, canvas({ label, cells, scale: 'log' }), power(largest.relative));
  });
  return `<div class="map">${rows.join('\n')}</div>`;
}

function weightMap({ training }: Comparison, canvas: Canvas): string {
  const measured = training.steps.filter(({ distances }) => distances);
  const every = Math.ceil(measured.length / 100);
  const shown = measured.filter((_, k) => k % every === 0 || k === measured.length - 1);
  const rows = Object.keys(shown[0]?.distances ?? {}).map((name) => {
    const distances = shown.map((step) => step.distances![name]);
    const label = `${name}: distance of the weights after each step`;
    return mapRow(name, canvas({ label, cells: [distances], scale: 'log' }), power(distances.at(-1)!));
  });
  return `<div class="map">${rows.join('\n')}</div>`;
}

function gateMaps({ gates }: Comparison, canvas: Canvas): string {
  const picture = (
    side: string,
    name: string,
    values: number[][],
    scale: HeatMap['scale'],
    limit?: number,
  ) => {
    const cells = (values[0] ?? []).map((_, unit) => values.map((step) => step[unit])); // a row a unit
    const label = `${name} of ${side}: every unit at every character`;
    return `<figure>${canvas({ label, cells, scale, limit, text: gates.text })}<figcaption>${escapeHtml(side)}</figcaption></figure>`;
  };
  const rows = gates.tensors.map(({ name, largest, rnnlab, tensorflow }) => {
    const between = rnnlab.map((step, t) => step.map((value, unit) => value - tensorflow[t][unit]));
    return `<h3><code>${escapeHtml(name)}</code> ${escapeHtml(meanings[name] ?? '')}</h3><div class="trio">${[
      picture('rnnlab', name, rnnlab, 'signed'),
      picture('TensorFlow', name, tensorflow, 'signed'),
      picture(`difference, at most ${power(largest)}`, name, between, 'signed', largest || 1),
    ].join('')}</div>`;
  });
  return rows.join('\n');
}

const meanings: Readonly<Record<string, string>> = {
  i: 'input gate',
  f: 'forget gate',
  g: 'candidate',
  o: 'output gate',
  r: 'reset gate',
  z: 'update gate',
  n: 'candidate',
  h: 'output',
  c: 'cell state',
};

function gradientTable({ gradients }: Comparison): string {
  const rows = gradients.gradients.map(({ name, shape, scale, absolute, relative }) => {
    return [name, `[${shape.join(', ')}]`, power(scale), power(absolute), power(relative)];
  });
  return table(['of', 'shape', 'largest', 'difference', 'relative'], rows);
}

function speedTable({ speed, training }: Comparison): string {
  const sides = ['rnnlab', 'tensorflow'] as const;
  const row = (name: string, of: (side: (typeof sides)[number]) => string) => [name, ...sides.map(of)];
  const { steps, milliseconds: spent } = training;
  return table(
    [`${speed.batchSize} rows of ${speed.seqLen} steps`, 'rnnlab', 'TensorFlow'],
    [
      row('a training step', (side) => milliseconds(speed[side].millisecondsPerStep)),
      row('characters per second', (side) => integer(speed[side].tokensPerSecond)),
      row('memory at the peak of a step', (side) => bytes(speed[side].bytes)),
      row(`the ${integer(steps.length)} steps above`, (side) => `${(spent[side] / 1000).toFixed(1)} s`),
    ],
  );
}
