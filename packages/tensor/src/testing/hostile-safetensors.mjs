/**
 * Run as a program: reads one hostile safetensors file of about 16 MB and prints how much memory that took at its peak.
 *
 *   node hostile-safetensors.mjs MODULE CASE     MODULE exports `readSafetensors`
 *
 * Printed as JSON: the size of the file, by how many bytes the process grew at most while reading, what came out.
 */
import { readFileSync } from 'node:fs';

const size = 16_000_000;
const [module, name] = process.argv.slice(2);
const { readSafetensors } = await import(module);

/** Distinct short names in the order of their length: "0", "1", …, "z", "00", … */
const short = (k) => k.toString(36);

/** Text of `make(0)`, `make(1)`, … with commas, until there is enough of it. */
function many(make) {
  const parts = [];
  for (let k = 0, length = 0; length < size; k++) {
    parts.push(make(k));
    length += parts[k].length + 1;
  }
  return parts;
}
const joined = (make) => many(make).join(',');

function file(json, dataLength = 0) {
  const header = new TextEncoder().encode(json);
  const bytes = new Uint8Array(8 + header.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return bytes;
}

const empty = '["U8",[0],[0,0]]';
const cases = {
  'empty tensors': () => file(`{${joined((k) => `"${short(k)}":${empty}`)}}`),
  'empty tensors with field names': () =>
    file(`{${joined((k) => `"${short(k)}":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)}}`),
  'tensors in reverse order': () => {
    const { length } = many((k) => `"${short(k)}":["U8",[1],[${1e6 + k},${1e6 + k}]]`);
    const entry = (_, k) => `"${short(k)}":["U8",[1],[${length - 1 - k},${length - k}]]`;
    return file(`{${Array.from({ length }, entry).join(',')}}`, length);
  },
  'names with escapes': () => file(`{${joined((k) => `"\\u00e9${short(k)}":${empty}`)}}`),
  'metadata keys': () => file(`{"__metadata__":{${joined((k) => `"${short(k)}":""`)}}}`),
  'metadata keys and a second one at the end': () =>
    file(`{"__metadata__":{${joined((k) => `"${short(k)}":""`)},"0":""}}`),
  'one long metadata value': () => file(`{"__metadata__":{"a":"${'\\u20ac x'.repeat(size / 8)}"}}`),
  'keys of an unknown field': () => file(`{"w":{"x":{${joined((k) => `"${short(k)}":0`)}},"dtype":"U8"}}`),
  'one tensor of many dimensions': () =>
    file(`{"w":{"dtype":"U8","shape":[0${',1'.repeat(size / 2)}],"data_offsets":[0,0]}}`),
  'brackets without end': () => file(`{"w":{"x":${'['.repeat(size)}`),
  'no UTF-8 at the very end': () => {
    const bytes = file(`{${joined((k) => `"${short(k)}":${empty}`)}}`);
    bytes[bytes.length - 1] = 0xff;
    return bytes;
  },
  // What shows that the measure sees objects.
  'empty tensors, all asked for': () => cases['empty tensors'](),
};

/** Resident bytes: now, and at the highest since the start of the program. */
function resident() {
  const status = readFileSync('/proc/self/status', 'utf8');
  const bytes = (field) => 1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)[1]);
  return { now: bytes('VmRSS'), peak: bytes('VmHWM') };
}

// Made in a program of its own: what making it leaves behind would hide what reading it takes.
if (process.argv[4] === 'write') process.stdout.write(cases[name]());
else {
  const bytes = new Uint8Array(readFileSync(0));
  for (let round = 0; round < 3; round++) globalThis.gc();
  const before = resident().now;
  let outcome;
  try {
    const { tensors, metadata } = readSafetensors(bytes);
    outcome = `${tensors.size} tensors, ${metadata.size} metadata`;
    if (name.endsWith('all asked for')) outcome = [...tensors.values()].length;
  } catch (error) {
    outcome = error.message.slice(0, 200);
  }
  console.log(JSON.stringify({ size: bytes.length, grown: resident().peak - before, outcome }));
}
