/** The page docs/guide/default-traps.md, from what `explainDefaults()` says. Called by default-traps.mjs --page. */
import { explainDefaults } from '../packages/tf-compare/dist/index.js';

/** The page as Markdown. */
export function defaultTrapsPage() {
  const traps = explainDefaults();
  const { date, machine, seeds, epochs } = traps[0].measured;
  return `# Default traps

<!-- Written by \`node bench/default-traps.mjs --page\` from packages/tf-compare/src/default-traps.ts: change it there. -->

TensorFlow.js, Keras and PyTorch give the same names to networks and optimizers that are not the same. None of them says so: a
model that was carried over runs, and is a little or very much worse. These are the defaults in which they differ, with what
each does to an LSTM (or GRU) of 50 units that learns [dinosaur names](../baselines.md). \`explainDefaults()\` of
\`@rnnlab/tf-compare\` returns the same list.

The numbers are the best validation loss in nats per character, the mean of the seeds ${seeds.join(', ')}, after at most ${epochs} epochs; seeds
differ by about 0.01. One thing is changed at a time. Measured on ${date} on ${machine} shared with other work, by

\`\`\`sh
npm run build
node bench/default-traps.mjs
\`\`\`

${traps.map(section).join('\n')}`;
}

function section({ title, tfjs, keras, pytorch, rnnlab, consequence, remedy, effects }) {
  const rows = effects.map(({ setting, loss }) => {
    return `| ${setting} | ${loss === null ? 'diverged' : loss.toFixed(3)} |`;
  });
  return `## ${title}

| | default |
|---|---|
| TensorFlow.js 4.22 | ${tfjs} |
| Keras 3.15 | ${keras} |
| PyTorch 2.13 | ${pytorch} |
| rnnlab | ${rnnlab} |

${consequence}

| setting | nats per character |
|---|---|
${rows.join('\n')}

To leave nothing to a default: ${remedy}.
`;
}
