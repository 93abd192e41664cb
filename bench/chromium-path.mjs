/** Where a Chromium is installed; undefined where none is found. */
import { existsSync } from 'node:fs';

const usual = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

export function chromiumPath() {
  return [process.env.RNNLAB_CHROMIUM, ...usual].find((path) => path && existsSync(path));
}
