/** A running peer: it is started with a workload, asked to work again and again, and ended. The protocol: peers/serve.mjs. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Settings of the caller that would bend what is measured. */
const unwanted = [
  'NODE_OPTIONS',
  'OPENBLAS_CORETYPE',
  'OPENBLAS_L2_SIZE',
  'OPENBLAS_NUM_THREADS',
  'OMP_NUM_THREADS',
];

export class PeerProcess {
  #child;
  #answers = [];
  #waiting;
  #ended;
  #errors = '';

  /** Starts `contestant` on `workload`. Its first answer comes with {@link answer}. */
  constructor({ command, args, parameters, environment }, workload) {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3' };
    for (const name of unwanted) delete env[name];
    const { contestants: _, ...wanted } = { ...workload, ...parameters };
    this.#child = spawn(command, [...args, JSON.stringify(wanted)], { env: { ...env, ...environment } });
    this.#child.stdin.on('error', () => {}); // it has ended: the next answer says so
    this.#child.stderr.on('data', (text) => (this.#errors = (this.#errors + text).slice(-4000)));
    createInterface({ input: this.#child.stdout }).on('line', (line) => {
      if (!line.startsWith('{')) return; // a library's greeting
      this.#answers.push(JSON.parse(line));
      this.#waiting?.();
    });
    const end = (reason) => {
      this.#ended ??= reason;
      this.#waiting?.();
    };
    this.#child.on('error', (error) => end(error.message));
    this.#child.on('close', (code, signal) => end(`${this.#lastError()} (${signal ?? `exit code ${code}`})`));
  }

  #lastError() {
    const lines = this.#errors
      .split('\n')
      .filter((line) => /Error|error:|cannot|Cannot/.test(line) && !/^\s+at /.test(line)); // prettier-ignore
    return lines.at(-1)?.trim() ?? 'it ended without a word';
  }

  /** The next line it prints. @throws when it ends or takes longer than so many seconds. */
  async answer(seconds) {
    const deadline = Date.now() + seconds * 1000;
    while (this.#answers.length === 0) {
      if (this.#ended) throw new Error(this.#ended);
      const left = deadline - Date.now();
      if (left <= 0) throw new Error(`no answer in ${seconds} s`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    return this.#answers.shift();
  }

  /** Works for so many seconds. @returns units a second */
  async rate(seconds) {
    this.#child.stdin.write(`${JSON.stringify({ seconds })}\n`);
    const { units, seconds: taken } = await this.answer(60);
    return units / taken;
  }

  /** No more work. @returns its peak memory in MiB and, if that was wanted, where its time went */
  end() {
    this.#child.stdin.end();
    return this.answer(30);
  }

  kill() {
    this.#child.kill('SIGKILL');
  }
}
