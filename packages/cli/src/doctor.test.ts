import { expect, it } from 'vitest';
import { main } from './main';
import { capturedIO } from './testing/captured-io';

it('names Node, the machine and the backends with their speed', async () => {
  const io = capturedIO();
  expect(await main(['doctor'], io)).toBe(0);
  expect(io.out()).toContain(`node        ${process.version}, `);
  expect(io.out()).toMatch(/backends +wasm \d+\.\d Gflop\/s \(default\), reference \d+\.\d Gflop\/s/);
});

it('prints one JSON object for scripts', async () => {
  const io = capturedIO();
  expect(await main(['doctor', '--json'], io)).toBe(0);
  const facts = JSON.parse(io.out());
  expect(facts).toMatchObject({ node: process.version, sharedMemory: true });
  const [first, second, third] = facts.backends.map(({ name }: { name: string }) => name);
  expect([first, second]).toEqual(['wasm', 'reference']);
  // Whether there is a BLAS is the machine's; whichever it is, it is told.
  if (facts.blas.problem) expect(facts.blas.problem).toContain('no BLAS was found');
  else expect([third, facts.blas.library]).toEqual([expect.stringMatching(/^blas \(/), expect.any(String)]);
  for (const { gigaflops } of facts.backends) expect(gigaflops).toBeGreaterThan(0);
});
