/**
 * Builds the addon of @tensorflow/tfjs-node, so that the tests of packages/tf-compare can run on TensorFlow itself.
 *
 *   node scripts/setup-tfjs-node.mjs           makes it ready; nothing to do the second time
 *   node scripts/setup-tfjs-node.mjs --check   only says whether it is
 *   node scripts/setup-tfjs-node.mjs FOLDER    the same for a project of yours: FOLDER is its @tensorflow/tfjs-node
 *
 * The install script of tfjs-node downloads TensorFlow 2.9.1 from a host that not every machine reaches, and it does not
 * run here (`allowBuilds` in pnpm-workspace.yaml). TensorFlow's Python wheel holds the same shared libraries and C headers
 * and comes from the package index that pip is configured for. The wheel is kept unpacked in node_modules/.cache; the
 * addon lies in the package's folder, as after its own install script.
 *
 * Why not another way: docs/decisions/0018-tensorflow-is-built-for-tests.md.
 */
import { createHash } from 'node:crypto';
import {
  createReadStream,
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { run } from './run.mjs';

const VERSION = '2.21.0';
/** One wheel for every Python: only its libraries and headers are used, never its Python code. */
const WHEEL = [
  '--python-version=3.12',
  '--implementation=cp',
  '--abi=cp312',
  '--platform=manylinux_2_27_x86_64',
];
const SHA256 = 'dcc8afd32930e42d5296b6ee19078b773706830af4ea97fbe503b9f5e0f820cb';
const LIBRARIES = ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
const HEADERS = [
  'tensorflow/include/tensorflow/c/',
  'tensorflow/include/tensorflow/core/platform/ctstring',
  'tensorflow/include/tsl/platform/ctstring',
  'tensorflow/include/xla/tsl/c/',
];

const root = fileURLToPath(new URL('..', import.meta.url));
const cache = join(root, 'node_modules/.cache/tensorflow');
const unpacked = join(cache, VERSION, 'tensorflow');
const say = (text) => console.log(text);
const remedy = 'Mend it with: node scripts/setup-tfjs-node.mjs';

/** Where the workspace has the package: pnpm keeps it in node_modules/.pnpm. */
function packageFolder() {
  const require = createRequire(join(root, 'packages/tf-compare/package.json'));
  try {
    return dirname(require.resolve('@tensorflow/tfjs-node/package.json'));
  } catch {
    throw new Error('@tensorflow/tfjs-node is not installed. Run `npm start` or `pnpm install` first.');
  }
}

function givenFolder(folder) {
  if (existsSync(join(folder, 'binding.gyp'))) return folder;
  throw new Error(
    `${folder} is no package of tfjs-node. Install it first: npm install --ignore-scripts @tensorflow/tfjs-node@4.22.0`,
  );
}

/** Whether addon and library are there. existsSync follows links, so a deleted cache counts as missing. */
function isBuilt(folder) {
  const lib = existsSync(join(folder, 'lib')) ? readdirSync(join(folder, 'lib')) : [];
  const library = ['so', 'dylib', 'dll'].some((end) =>
    [`libtensorflow.${end}`, `libtensorflow.2.${end}`, `tensorflow.${end}`].some((file) =>
      existsSync(join(folder, 'deps/lib', file)),
    ),
  );
  return library && lib.some((napi) => existsSync(join(folder, 'lib', napi, 'tfjs_binding.node')));
}

/** Computes with it in a process of its own, which a broken library may end. */
async function tensorFlowVersion(folder) {
  const code = `
    const util = require('util');
    util.isNullOrUndefined ??= (x) => x == null;
    util.isArray ??= Array.isArray;
    const tf = require(${JSON.stringify(folder)});
    const [eleven] = tf.matMul(tf.tensor2d([[1, 2]]), tf.tensor2d([[3], [4]])).dataSync();
    if (eleven !== 11) throw new Error('1·3 + 2·4 is ' + eleven);
    process.stdout.write('TensorFlow ' + tf.backend().binding.TF_Version);`;
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  const { ok, output, stdout } = await run(process.execPath, ['-e', code]);
  if (!ok) throw new Error(`The addon of @tensorflow/tfjs-node is built but does not compute:\n${output}`);
  return stdout.slice(stdout.lastIndexOf('TensorFlow '));
}

/** What the machine has to have, with what to do where it has not. */
async function checkMachine() {
  const { glibcVersionRuntime } = process.report.getReport().header;
  if (process.platform !== 'linux' || process.arch !== 'x64' || !glibcVersionRuntime) {
    throw new Error(
      `This script builds on Linux x64 with glibc, this is ${process.platform} ${process.arch}. ` +
        'Let the package download its own library: pnpm --filter @rnnlab/tf-compare rebuild @tensorflow/tfjs-node',
    );
  }
  const missing = [];
  if (!(await run('python3', ['-m', 'pip', '--version'])).ok)
    missing.push('python3 with pip (Debian: apt-get install python3-pip)');
  if (!(await run('c++', ['--version'])).ok) missing.push('a C++ compiler (Debian: apt-get install g++)');
  if (!(await run('make', ['--version'])).ok) missing.push('make (Debian: apt-get install make)');
  if (missing.length) throw new Error(`Missing on this machine: ${missing.join(', ')}.`);
}

/** Libraries and headers of the wheel, in the cache: all or nothing. */
async function fetchTensorFlow() {
  if (existsSync(unpacked)) return;
  say(`Downloading tensorflow-cpu ${VERSION} (260 MB) …`);
  const work = join(cache, `unfinished-${process.pid}`);
  mkdirSync(work, { recursive: true });
  try {
    const pip = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', `--dest=${work}`];
    const download = await run('python3', [...pip, ...WHEEL, `tensorflow-cpu==${VERSION}`]);
    if (!download.ok)
      throw new Error(`pip could not download tensorflow-cpu ${VERSION}:\n${download.output}`);
    const wheel = join(
      work,
      readdirSync(work).find((file) => file.endsWith('.whl')),
    );
    const sha256 = await hashOf(wheel);
    if (sha256 !== SHA256)
      throw new Error(`The wheel has the SHA-256 ${sha256}, expected ${SHA256}. Not used.`);
    const unpack = await run('python3', [
      '-c',
      UNPACK,
      wheel,
      join(work, 'files'),
      JSON.stringify(HEADERS),
      JSON.stringify(LIBRARIES),
    ]);
    if (!unpack.ok) throw new Error(`The wheel cannot be unpacked:\n${unpack.output}`);
    mkdirSync(dirname(unpacked), { recursive: true });
    renameSync(join(work, 'files/tensorflow'), unpacked);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const UNPACK = `
import json, sys, zipfile
wheel, target, headers, libraries = sys.argv[1], sys.argv[2], tuple(json.loads(sys.argv[3])), json.loads(sys.argv[4])
wanted = ['tensorflow/' + name for name in libraries]
with zipfile.ZipFile(wheel) as file:
    for name in file.namelist():
        if name in wanted or name.startswith(headers):
            file.extract(name, target)
`;

async function hashOf(file) {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

/** Links the library to where binding.gyp looks for it and compiles the addon. */
async function build(folder) {
  say('Compiling the addon …');
  const lib = join(folder, 'deps/lib');
  rmSync(join(folder, 'deps'), { recursive: true, force: true });
  mkdirSync(lib, { recursive: true });
  symlinkSync(join(unpacked, 'include'), join(folder, 'deps/include'));
  for (const library of LIBRARIES) symlinkSync(join(unpacked, library), join(lib, library));
  symlinkSync('libtensorflow_cc.so.2', join(lib, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
  const headers = nodeHeaders();
  if (headers) process.env.npm_config_nodedir ??= headers; // or node-gyp downloads them
  const require = createRequire(join(folder, 'package.json'));
  const preGyp = require.resolve('@mapbox/node-pre-gyp/bin/node-pre-gyp');
  const compile = await run(process.execPath, [preGyp, 'install', '--build-from-source'], { cwd: folder });
  if (!compile.ok || !isBuilt(folder)) throw new Error(`The addon does not compile:\n${compile.output}`);
}

/** The folder whose include/node belongs to this Node, if it came with its headers. The addon uses only Node-API. */
function nodeHeaders() {
  const prefixes = [process.config.variables.node_prefix, dirname(dirname(process.execPath))];
  return prefixes.find((prefix) => prefix && existsSync(join(prefix, 'include/node/node_api.h')));
}

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { check: { type: 'boolean' } },
  });
  const folder = positionals.length ? givenFolder(resolve(positionals[0])) : packageFolder();
  const { check } = values;
  if (!isBuilt(folder)) {
    if (check) throw new Error(`The addon of @tensorflow/tfjs-node is not built. ${remedy}`);
    await checkMachine();
    await fetchTensorFlow();
    await build(folder);
    say(`${await tensorFlowVersion(folder)} is ready for tfjs-node`);
  } else {
    say('the addon of tfjs-node is there');
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
