/**
 * A peer in headless Chromium: the program that the workload names, `rnnlab` or `tfjs`, in a page that is isolated from other
 * origins, as shared memory asks for. This process serves the files, hands on the work, and is no part of what is
 * measured; memory is that of the page's own process. See serve.mjs.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { chromiumPath } from '../chromium-path.mjs';
import { serve } from './serve.mjs';

const root = new URL('../../', import.meta.url);
const tfCompare = createRequire(new URL('packages/tf-compare/package.json', root));
const names = ['tensor', 'optimizers', 'rnn', 'lstm', 'gru'];
const imports = Object.fromEntries(
  names.map((name) => [`@rnnlab/${name}`, `/packages/${name}/dist/index.js`]),
);
const types = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm' };

const html = ({ program }) => `<!doctype html>
<script type="importmap">${JSON.stringify({ imports })}</script>
${program === 'tfjs' ? '<script src="/tfjs/tf.min.js"></script><script src="/tfjs-backend-wasm/tf-backend-wasm.min.js"></script>' : ''}
<script type="module" src="/bench/peers/browser-page.mjs"></script>`;

/** A file of the repository, or of a package of TensorFlow.js. */
function fileOf(path) {
  const [, name, rest] = /^\/(tfjs|tfjs-backend-wasm)\/(.+)$/.exec(path) ?? [];
  if (!name) return fileURLToPath(new URL(`.${path}`, root));
  return tfCompare.resolve(`@tensorflow/${name}/package.json`).replace(/package\.json$/, `dist/${rest}`);
}

function listen(workload) {
  const server = createServer((request, response) => {
    const path = new URL(request.url, 'http://localhost').pathname;
    try {
      const body =
        path === '/' ? html(workload) : readFileSync(path === '/given' ? workload.given.file : fileOf(path));
      response.writeHead(200, {
        'Content-Type': path === '/' ? 'text/html' : (types[extname(path)] ?? 'application/octet-stream'),
        'Cross-Origin-Opener-Policy': 'same-origin',
        'Cross-Origin-Embedder-Policy': 'require-corp',
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

/** Peak memory of the renderer in MiB, from the operating system. Linux only. */
async function peakOf(browser) {
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  const peaks = processInfo
    .filter(({ type }) => type === 'renderer')
    .map(({ id }) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, 'utf8'))[1]) / 1024);
  return Math.max(...peaks);
}

let page;
await serve(async (workload) => {
  const server = await listen(workload);
  const quiet = [
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ];
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: ['--no-sandbox', '--disable-quic', ...quiet],
  });
  page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => globalThis.peer);
  const ready = await page.evaluate((workload) => globalThis.peer.prepare(workload), workload);
  return {
    ...ready,
    versions: { ...ready.versions, Chromium: browser.version() },
    work: (seconds) => page.evaluate((seconds) => globalThis.peer.work(seconds), seconds),
    peak: () => peakOf(browser).catch(() => undefined),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
});
process.exit();
