/** What a peer does in Node and in a browser alike: reading the given values, and working against the clock. */

/** The given tensors by name, as typed arrays on one buffer. */
export function givenFrom({ tensors }, buffer) {
  const arrays = {};
  for (const [name, { dtype, shape, offset }] of Object.entries(tensors)) {
    const size = shape.reduce((product, length) => product * length, 1);
    arrays[name] =
      dtype === 'int32' ? new Int32Array(buffer, offset, size) : new Float32Array(buffer, offset, size);
  }
  return arrays;
}

/** Works for so many seconds, at least one step. `step` returns how many units (characters, operations) it did. */
export async function work(step, seconds) {
  const begin = performance.now();
  let [units, now] = [0, begin];
  do {
    const done = step();
    units += typeof done === 'number' ? done : await done;
    now = performance.now();
  } while (now - begin < seconds * 1000);
  return { units, seconds: (now - begin) / 1000 };
}
