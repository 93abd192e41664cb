/**
 * Chromium: the machine's own where it has one, or the one that CHROMIUM names, else one from npm (CHROMIUM=npm): a build
 * for Linux on x64 that brings what it needs.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { tool } from '../tool.mjs';
import { bundle } from './bundlers.mjs';
import { startDevServer } from './dev-server.mjs';
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
function startBrowser() {
  starting ??= start();
  return starting;
}

/** Ends it, if there is one. */
export async function stopBrowser() {
  const browser = await starting?.catch(() => undefined);
  starting = undefined;
  await browser?.close();
}

async function start() {
  const { require } = await tool('browser');
  const { chromium } = require('playwright-core');
  const named = process.env.CHROMIUM;
  const own = named ? named !== 'npm' && named : installed.find((path) => existsSync(path));
  const { executablePath, env } = own ? { executablePath: own, env: process.env } : await fromNpm();
  return chromium.launch({ executablePath, env, args: [...quiet, ...still] });
}

async function fromNpm() {
  const { path, require } = await tool('chromium');
  const entry = pathToFileURL(require.resolve('@sparticuz/chromium')).href;
  const { default: chromium, inflate } = await import(entry);
  const executablePath = await chromium.executablePath();
  // The libraries that a machine without any browser may lack.
  const libraries = await inflate(path('@sparticuz/chromium/bin/al2023.tar.br'));
  return { executablePath, env: { ...process.env, LD_LIBRARY_PATH: join(libraries, 'lib') } };
}

/** A check that trains in a page made by `bundler`, with or without memory that it can share with workers. */
export function page(bundler, isolated) {
  return {
    name: `chromium ${bundler}${isolated ? ' isolated' : ''}`,
    async work(project) {
      project.bundles ??= {};
      const folder = await (project.bundles[bundler] ??= bundle(bundler, project));
      return train(await servePages(folder, { isolated }), isolated);
    },
  };
}

/** The same by the development server of a version of Vite. */
export function developedPage(vite, isolated) {
  return {
    name: `chromium ${vite} dev${isolated ? ' isolated' : ''}`,
    work: async (project) => train(await startDevServer(vite, project, isolated), isolated),
  };
}

async function train(server, isolated) {
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
