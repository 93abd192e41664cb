/**
 * Chromium: the machine's own where it has one (or what CHROMIUM names), else one from npm, which is a build for Linux
 * on x64 that needs nothing installed.
 */
import { existsSync } from 'node:fs';
import { tool } from '../tool.mjs';
import { bundle } from './bundlers.mjs';
import { servePages } from './page-server.mjs';

const installed = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

// As root there is no sandbox, and a browser that asks its maker's hosts for news has no place in a test.
const quiet = ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const still = ['--disable-component-update', '--disable-sync'];

let starting;

/** One browser for all pages. */
export function startBrowser() {
  starting ??= start();
  return starting;
}

async function start() {
  const { require } = await tool('browser');
  const { chromium } = require('playwright-core');
  const own = [process.env.CHROMIUM, ...installed].find((path) => path && existsSync(path));
  const { executablePath, args } = own ? { executablePath: own, args: [] } : await fromNpm();
  return chromium.launch({ executablePath, args: [...args, ...quiet, ...still] });
}

async function fromNpm() {
  const { require } = await tool('chromium');
  const { default: chromium } = await import(require.resolve('@sparticuz/chromium'));
  return { executablePath: await chromium.executablePath(), args: chromium.args };
}

/** A check that trains in a page made by `bundler`, with and without memory that it can share with workers. */
export function page(bundler, isolated) {
  return {
    name: `chromium ${bundler}${isolated ? ' isolated' : ''}`,
    async work(project) {
      project.bundles ??= {};
      const folder = await (project.bundles[bundler] ??= bundle(bundler, project));
      const server = await servePages(folder, { isolated });
      try {
        const found = await visit(server.url);
        // Threads need shared memory, and that needs isolation.
        const threads = isolated ? 2 : 1;
        if (found.isolated !== isolated) throw new Error(`crossOriginIsolated is ${found.isolated}`);
        if (found.threads !== threads) throw new Error(`${found.threads} threads, expected ${threads}`);
        return found;
      } finally {
        server.close();
      }
    },
  };
}

async function visit(url) {
  const browser = await startBrowser();
  const tab = await browser.newPage();
  const printed = [];
  tab.on('console', (message) => printed.push(message.text()));
  tab.on('pageerror', (error) => printed.push(String(error)));
  try {
    await tab.goto(url);
    await tab.waitForFunction(() => 'found' in window, undefined, { timeout: 30_000 });
    const found = await tab.evaluate(() => window.found);
    if (found.error) throw new Error(found.error);
    return found;
  } catch (error) {
    throw new Error(`${error.message}\n${printed.join('\n')}`);
  } finally {
    await tab.close();
  }
}
