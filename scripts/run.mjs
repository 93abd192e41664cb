/** Runs one command, in the repository root unless told otherwise, and keeps what it prints. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} command
 * @param {string[]} parameters without spaces or quotes: Windows passes them through a shell
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ ok: boolean, output: string, stdout: string }>} `output` is stdout and stderr as they came
 */
export function run(command, parameters, { cwd = root, env: given = process.env } = {}) {
  // npm's and pnpm's commands are batch files on Windows, which only a shell can start.
  const shell = process.platform === 'win32' && command !== process.execPath;
  const env = { ...given, TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1' };
  return new Promise((resolve) => {
    const child = spawn(command, parameters, { cwd, shell, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const [both, out] = [[], []];
    child.stdout.on('data', (chunk) => both.push(chunk) && out.push(chunk));
    child.stderr.on('data', (chunk) => both.push(chunk));
    const text = (chunks) => Buffer.concat(chunks).toString();
    const finish = (ok, note = '') => resolve({ ok, output: text(both) + note, stdout: text(out) });
    child.on('error', (error) => finish(false, `${command}: ${error.message}\n`));
    child.on('close', (code, signal) =>
      finish(code === 0, signal ? `${command} was ended by ${signal}\n` : ''),
    );
  });
}
