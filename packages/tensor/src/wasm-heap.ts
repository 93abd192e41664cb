/**
 * The linear memory of the wasm backend and who has which part of it.
 *
 * The memory never grows: growing would detach every typed array that looks into it. Instead a large range is
 * reserved at once. That costs addresses, not memory: the operating system backs a page when it is first written.
 *
 * A part is free again when the last tensor that looks into it is garbage (FinalizationRegistry), and goes to the
 * next tensor of the same size. Parts are multiples of 64 bytes, a cache line.
 */
import { ConfigError } from './errors';

const PAGE = 65536;
const LINE = 64;

/** Reserves, hands out and takes back. */
export class WasmHeap {
  readonly memory: WebAssembly.Memory;
  /** Whole memory; its identity tells whether a tensor lives here. */
  readonly buffer: ArrayBufferLike;
  #end = PAGE; // the first page is for threads, and address 0 stands for an absent tensor
  readonly #free = new Map<number, number[]>();
  readonly #registry = new FinalizationRegistry<[address: number, bytes: number]>((part) =>
    this.release(...part),
  );

  /**
   * @param reserveMiB What to ask for; halved until the platform grants it, down to 64.
   * @param shared Whether workers look into it as well.
   */
  constructor(reserveMiB: number, shared: boolean) {
    this.memory = reserve(reserveMiB, shared);
    this.buffer = this.memory.buffer;
  }

  /**
   * The address of `bytes` zero bytes, for {@link release} or {@link releaseWith} to take back.
   *
   * @throws {@link ConfigError} when the memory is used up.
   */
  allocate(bytes: number): number {
    const size = sizeOfPart(bytes);
    const address = this.#free.get(size)?.pop() ?? this.#extend(size);
    new Uint8Array(this.buffer, address, size).fill(0);
    return address;
  }

  /** Takes a part back. */
  release(address: number, bytes: number): void {
    const size = sizeOfPart(bytes);
    const parts = this.#free.get(size);
    if (parts) parts.push(address);
    else this.#free.set(size, [address]);
  }

  /** Takes a part back when `owner` is garbage. */
  releaseWith(owner: object, address: number, bytes: number): void {
    this.#registry.register(owner, [address, bytes], owner);
  }

  /** No longer: the part is taken back by {@link release}. */
  keepFrom(owner: object): void {
    this.#registry.unregister(owner);
  }

  #extend(size: number): number {
    const address = this.#end;
    if (address + size > this.buffer.byteLength) {
      const [used, all] = [address / 2 ** 20, this.buffer.byteLength / 2 ** 20].map((x) => Math.round(x));
      throw new ConfigError(
        `WasmHeap: no room for ${size} bytes, ${used} of ${all} MiB are used. Use a smaller model or batch, or wasmBackend({ memoryMiB: ${all * 2} }).`,
      );
    }
    this.#end += size;
    return address;
  }
}

const sizeOfPart = (bytes: number): number => Math.max(LINE, Math.ceil(bytes / LINE) * LINE);

function reserve(MiB: number, shared: boolean): WebAssembly.Memory {
  for (;;) {
    const pages = (MiB * 2 ** 20) / PAGE;
    try {
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
    } catch (cause) {
      if (MiB <= 64)
        throw new ConfigError('WasmHeap: the platform grants not even 64 MiB. Use the reference backend.', {
          cause,
        });
      MiB = Math.floor(MiB / 2);
    }
  }
}
