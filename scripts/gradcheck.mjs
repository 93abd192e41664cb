/**
 * Hand-derived gradients of every layer, variant and loss against central differences in float64, as a table: layer,
 * parameter, the weight scale at which the error is worst, and that error. Exits with 1 if one is above 1e-6.
 *
 *   npm run gradcheck              the worst scale of each parameter
 *   npm run gradcheck -- --all     every scale
 *   npm run gradcheck -- LSTM      layers whose name contains one of the words
 *
 * Runs on the sources, like the tests: vitest.config.ts says where a package's sources are.
 */
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createViteServer } from 'vitest/node';

const LIMIT = 1e-6;
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { all: { type: 'boolean', default: false } },
});

const server = await createViteServer({
  root: fileURLToPath(new URL('..', import.meta.url)),
  configFile: 'vitest.config.ts',
  logLevel: 'error',
  server: { middlewareMode: true, ws: false, watch: null },
  optimizeDeps: { noDiscovery: true },
  appType: 'custom',
});
let rows;
try {
  const { checks } = await server.ssrLoadModule('/scripts/gradcheck/checks.mjs');
  const wanted = ({ layer }) => !positionals.length || positionals.some((word) => layer.includes(word));
  rows = checks.filter(wanted).flatMap(({ layer, scales, report }) => {
    const found = scales.flatMap((scale) => report(scale).map((row) => ({ layer, scale, ...row })));
    return values.all ? found : worstOfEach(found);
  });
} finally {
  await server.close();
}
if (!rows.length) {
  console.error(`No layer contains ${positionals.join(' or ')}.`);
  process.exit(1);
}

const wrong = rows.filter(({ relativeError }) => !(relativeError <= LIMIT));
const width = (column) => Math.max(...rows.map((row) => String(row[column]).length), column.length);
const [layerWidth, nameWidth] = [width('layer'), width('name')];
const line = (layer, name, scale, error) =>
  `${layer.padEnd(layerWidth)}  ${name.padEnd(nameWidth)}  ${String(scale).padStart(6)}  ${error}`;
console.log(line('layer', 'parameter', 'scale', 'worst relative error'));
for (const { layer, name, scale, relativeError } of rows) {
  const mark = relativeError <= LIMIT ? '' : '  ABOVE THE LIMIT';
  console.log(line(layer, name, scale, relativeError.toExponential(1)) + mark);
}
console.log(`\n${rows.length} rows, ${wrong.length} above ${LIMIT}`);
process.exit(wrong.length ? 1 : 0);

/** One row for each parameter: that of the scale with the largest error. */
function worstOfEach(found) {
  const worst = new Map();
  for (const row of found) {
    if (!(worst.get(row.name)?.relativeError >= row.relativeError)) worst.set(row.name, row);
  }
  return [...worst.values()];
}
