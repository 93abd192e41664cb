/** The page's half of chromium.mjs: makes a peer ready and works when it is asked to. */
import { givenFrom, work } from './work.mjs';

const programs = {
  rnnlab: async (workload, given) => (await import('./rnnlab-work.mjs')).prepare(workload, given),
  async tfjs(workload, given) {
    const { tf } = globalThis;
    tf.wasm.setWasmPaths('/tfjs-backend-wasm/');
    await tf.setBackend('wasm');
    await tf.ready();
    return (await import('./tfjs-work.mjs')).prepare(tf, workload, given);
  },
};

let step;
globalThis.peer = {
  async prepare(workload) {
    const given = givenFrom(workload.given, await (await fetch('/given')).arrayBuffer());
    const peer = await programs[workload.program](workload, given);
    step = peer.step;
    // since the page was asked for: libraries, given values and the first steps
    return { check: peer.check, note: peer.note, versions: peer.versions, milliseconds: performance.now() };
  },
  work: (seconds) => work(step, seconds),
};
