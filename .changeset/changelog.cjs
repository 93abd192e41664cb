/**
 * How a changeset becomes lines of a CHANGELOG.md: its text with the commit that brought it, and one line for all sister
 * packages whose versions moved. Loaded by `changeset version`.
 */
const COMMITS = 'https://github.com/rnnlab/rnnlab/commit';

module.exports = {
  /** @param {{ summary: string, commit?: string }} changeset */
  async getReleaseLine({ summary, commit }) {
    const [first, ...rest] = summary.trim().split('\n');
    const from = commit ? ` ([${commit.slice(0, 7)}](${COMMITS}/${commit}))` : '';
    return (
      [`- ${first}${rest.length ? '' : from}`, ...rest.map((line) => `  ${line}`.trimEnd())].join('\n') +
      (rest.length ? from : '')
    );
  },

  /** @param {unknown} _changesets @param {{ name: string, newVersion: string }[]} updated */
  async getDependencyReleaseLine(_changesets, updated) {
    return updated.length
      ? `- Works with ${updated.map(({ name, newVersion }) => `${name} ${newVersion}`).join(', ')}.`
      : '';
  },
};
