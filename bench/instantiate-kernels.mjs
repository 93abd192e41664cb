/** An instance of compiled kernels with a memory of its own, and that memory. */
export function instantiate(binary, pages) {
  const memory = new WebAssembly.Memory({ initial: pages, maximum: 65536 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(binary), { env: { memory } });
  return { exports, memory };
}
