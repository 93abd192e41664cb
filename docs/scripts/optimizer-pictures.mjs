/**
 * Draws the pictures of docs/math/optimizers.md and writes its table of conventions, from the built packages:
 *
 *   pnpm build && pnpm --filter @rnnlab/docs pictures
 *
 * Everything is seeded, so a second run writes the same files.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import * as Plot from '@observablehq/plot';
import { JSDOM } from 'jsdom';
import { conventionTables } from './optimizer-conventions.mjs';
import { lossCurves } from './optimizer-loss-curves.mjs';
import { paths, surfaces } from './optimizer-paths.mjs';

const math = new URL('../math/', import.meta.url);
const { document } = new JSDOM('').window;
const ink = '#5c6b7a'; // readable on a light and on a dark page
const warm = '#d9480f';

function write(name, options) {
  const svg = Plot.plot({
    document,
    style: { color: ink, fontFamily: 'sans-serif', background: 'none' },
    ...options,
  });
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  // one decimal of a pixel is enough, and a third of the bytes
  const text = svg.outerHTML.replace(/ d="[^"]*"/g, (d) => d.replace(/(\.\d)\d+/g, '$1'));
  writeFileSync(new URL(`optimizers/${name}.svg`, math), `${text}\n`);
}

/** One panel an optimizer: the level lines, the path, its start and its end. */
function drawSurface(name, surface) {
  const columns = 4;
  const panels = paths(surface);
  const place = (i) => ({ fx: i % columns, fy: Math.floor(i / columns) });
  const points = panels.flatMap(({ points }, i) => points.map(([x, y]) => ({ x, y, ...place(i) })));
  const ends = panels.map(({ points }, i) => ({ x: points.at(-1)[0], y: points.at(-1)[1], ...place(i) }));
  const titles = panels.map(({ name, learningRate }, i) => ({
    text: `${name}, lr ${learningRate}`,
    ...place(i),
  }));
  const [[x1, x2], [y1, y2]] = [surface.x, surface.y];
  write(name, {
    width: 860,
    height: 40 + 190 * Math.ceil(panels.length / columns),
    marginLeft: 10,
    marginRight: 10,
    marginTop: 24,
    marginBottom: 6,
    x: { domain: surface.x, axis: null },
    y: { domain: surface.y, axis: null },
    fx: { axis: null, padding: 0.05 },
    fy: { axis: null, padding: 0.16 },
    marks: [
      Plot.contour({
        x1,
        y1,
        x2,
        y2,
        value: (x, y) => surface.height(surface.loss(x, y)),
        thresholds: surface.levels,
        stroke: ink,
        strokeOpacity: 0.3,
        strokeWidth: 0.8,
        pixelSize: 6,
        clip: true,
      }),
      Plot.line(points, {
        x: 'x',
        y: 'y',
        fx: 'fx',
        fy: 'fy',
        z: null,
        stroke: warm,
        strokeWidth: 1.4,
        clip: true,
      }),
      Plot.dot(points, { x: 'x', y: 'y', fx: 'fx', fy: 'fy', r: 1.5, fill: warm, clip: true }),
      Plot.dot([surface.start], { x: (p) => p[0], y: (p) => p[1], r: 4, stroke: ink, strokeWidth: 1.5 }),
      Plot.dot(ends, { x: 'x', y: 'y', fx: 'fx', fy: 'fy', r: 4, fill: warm, clip: true }),
      surface.goal &&
        Plot.dot([surface.goal], { x: (p) => p[0], y: (p) => p[1], symbol: 'times', r: 4, stroke: ink }),
      Plot.text(titles, {
        text: 'text',
        fx: 'fx',
        fy: 'fy',
        frameAnchor: 'top-left',
        dy: -14,
        fontSize: 12,
        fill: ink,
      }),
      Plot.frame({ stroke: ink, strokeOpacity: 0.4 }),
    ],
  });
}

for (const [name, surface] of Object.entries(surfaces)) drawSurface(name, surface);

/** Moves labels apart, from the lowest up, so that none covers another. */
function spread(ends, gap) {
  const sorted = ends.toSorted((a, b) => a.loss - b.loss);
  let last = -Infinity;
  return sorted.map((end) => ({ ...end, label: (last = Math.max(end.loss, last + gap)) }));
}

/** Of middle lightness, to be seen on a light and on a dark page. */
const colors = [
  '#868e96',
  '#4263eb',
  '#1c9dd6',
  '#0c8599',
  '#2f9e44',
  '#74a816',
  '#e67700',
  '#e8590c',
  '#e03131',
  '#c2255c',
  '#9c36b5',
];

const curves = await lossCurves();
const ends = curves.map(({ name, learningRate, points }) => ({ name, learningRate, ...points.at(-1) }));
const lastStep = ends[0].step;
const [low, high] = [Math.floor(Math.min(...ends.map(({ loss }) => loss)) * 10) / 10, 3.3];
const height = 460;
write('loss-curves', {
  width: 860,
  height,
  marginRight: 190,
  marginLeft: 46,
  x: { label: 'optimizer steps', domain: [0, lastStep] },
  y: { label: 'nats per character, validation', domain: [low, high], grid: true },
  color: { type: 'categorical', domain: curves.map(({ name }) => name), range: colors },
  marks: [
    Plot.line(
      curves.flatMap(({ name, points }) => points.map((point) => ({ name, ...point }))),
      { x: 'step', y: 'loss', stroke: 'name', strokeWidth: 1.6, clip: true },
    ),
    Plot.text(spread(ends, ((high - low) / (height - 60)) * 15), {
      x: () => lastStep,
      y: 'label',
      text: ({ name, learningRate, loss }) => `${loss.toFixed(2)}  ${name}, lr ${learningRate}`,
      textAnchor: 'start',
      dx: 8,
      fontSize: 12,
      fill: 'name',
    }),
  ],
});

const page = new URL('optimizers.md', math);
const begin = '<!-- begin: written by docs/scripts/optimizer-pictures.mjs -->';
const end = '<!-- end -->';
const text = readFileSync(page, 'utf8');
const [before, after] = [text.indexOf(begin), text.indexOf(end)];
if (before < 0 || after < before)
  throw new Error(`${page.pathname} lacks the marks around the table of conventions.`);
writeFileSync(page, `${text.slice(0, before)}${begin}\n\n${conventionTables()}\n\n${text.slice(after)}`);
