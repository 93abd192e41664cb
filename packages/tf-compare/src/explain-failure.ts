/**
 * Why an engine did not load, in words that help. What tfjs-node throws names a file or a symbol; the user needs to
 * know which of a handful of known situations it is and the command that ends it.
 */
import type { TensorFlowEngine } from './load-tensor-flow';

const rebuild = 'npm rebuild @tensorflow/tfjs-node --build-addon-from-source';
const unreachable =
  "Where its download host cannot be reached, build the addon from TensorFlow's Python wheel: see the README of @rnnlab/tf-compare.";
const otherEngines = "Or use engine 'wasm' or 'cpu', which need nothing.";

/** In order: the first situation whose pattern is in the error's code or message. */
const situations: readonly { pattern: RegExp; says: string }[] = [
  {
    pattern: /native addon module|tfjs_binding\.node.*(?:not found|no such file)/is,
    says: `is installed but its addon is not built. Run \`${rebuild}\`. ${unreachable} ${otherEngines}`,
  },
  {
    pattern:
      /different Node\.js version|NODE_MODULE_VERSION|N-API version|napi_build_version|Module did not self-register/i,
    says: `has an addon that was built for another Node than ${nodeVersion()}. Run \`${rebuild}\` with this Node. ${unreachable} ${otherEngines}`,
  },
  {
    pattern:
      /invalid ELF header|wrong ELF class|incompatible architecture|mach-o|not a valid Win32 application/i,
    says: `has an addon for another kind of machine. Delete node_modules and install again here. ${unreachable} ${otherEngines}`,
  },
  {
    pattern: /libtensorflow|cannot open shared object|ERR_DLOPEN_FAILED|undefined symbol|Library not loaded/i,
    says: `has an addon that does not find its TensorFlow library. Run \`${rebuild}\`. ${unreachable} ${otherEngines}`,
  },
  {
    pattern: /isNullOrUndefined|isArray\) is not a function|util_1\./,
    says: `needs functions that Node ${nodeVersion()} no longer has, and they could not be put back. Use Node 20 or 22. ${otherEngines}`,
  },
];

const notFound =
  /ERR_MODULE_NOT_FOUND|MODULE_NOT_FOUND|Cannot find (?:package|module)|Failed to (?:load|resolve)/i;

/**
 * The end of a sentence that begins with the engine: why it does not run, and the remedy.
 *
 * @param error Whatever importing or starting it threw.
 */
export function explainFailure(engine: TensorFlowEngine, error: unknown): string {
  const { code = '', message = String(error) } = (error ?? {}) as { code?: string; message?: string };
  const text = `${code} ${message}`;
  const first = message.split('\n', 1)[0];
  if (engine !== 'node') {
    if (!notFound.test(text)) return `does not start: ${first}`;
    return `is not there: ${first}. Install @rnnlab/tf-compare again: its package is a dependency.`;
  }
  const known = situations.find(({ pattern }) => pattern.test(text));
  if (known) return `${known.says} (${first})`;
  if (notFound.test(text)) {
    return `is not installed. Run \`npm install @tensorflow/tfjs-node@4.22.0\`. ${unreachable} ${otherEngines} (${first})`;
  }
  return `does not start: ${first}. ${otherEngines}`;
}

function nodeVersion(): string {
  return globalThis.process?.versions?.node ?? 'this runtime';
}
