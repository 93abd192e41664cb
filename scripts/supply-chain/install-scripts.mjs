/** What would run on a user's machine by installing alone. */

/** Scripts that npm runs for a package from the registry. */
const RUN_ON_INSTALL = ['preinstall', 'install', 'postinstall'];

/** The dependencies that have one, and why that is accepted. They work without it too: `npm install --ignore-scripts`. */
const ACCEPTED = {
  'core-js': 'prints a request for support; brought by @tensorflow/tfjs',
  koffi: 'looks for the binary that @koromix/koffi-* brought, and compiles where there is none',
};

/** @returns {string[]} the install scripts of a package, by name */
function installScripts({ scripts = {} }, { hasGyp = false } = {}) {
  const own = RUN_ON_INSTALL.filter((name) => scripts[name]);
  // npm compiles a package with a binding.gyp unless it says how to install it itself.
  return hasGyp && !own.includes('install') ? [...own, 'binding.gyp'] : own;
}

/** @returns {string[]} what is wrong: any script of ours, and those of others that nobody has looked at */
export function refusedInstallScripts(ours, others) {
  const problems = [];
  for (const { manifest, hasGyp } of ours) {
    const [script] = installScripts(manifest, { hasGyp });
    if (script)
      problems.push(`${manifest.name} would run ${script} on installation. Published packages run nothing.`);
  }
  for (const { manifest, hasGyp, broughtBy } of others) {
    const [script] = installScripts(manifest, { hasGyp });
    if (!script || manifest.name in ACCEPTED) continue;
    problems.push(
      `${manifest.name}, brought by ${broughtBy.join(', ')}, runs ${script} on installation. ` +
        'Do without it, or say in scripts/supply-chain/install-scripts.mjs why it is accepted.',
    );
  }
  return problems;
}
