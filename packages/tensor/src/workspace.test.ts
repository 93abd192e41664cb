import { describe, expect, it } from 'vitest';
import { ConfigError } from './errors';
import { referenceBackend } from './reference-backend';
import { wasmBackend } from './wasm-backend';
import { Workspace } from './workspace';

describe.each([referenceBackend, wasmBackend({ memoryMiB: 64 })])(
  'Workspace on the $name backend',
  (backend) => {
    const step = () => [backend.temporary([2, 3], 'float32'), backend.temporary([4], 'int32')];

    it('hands out the same tensors in the same order, zeroed', () => {
      const workspace = new Workspace(backend);
      const first = workspace.run(() => step().map((x) => x.fill(7)));
      const second = workspace.run(step);
      expect(second[0]).toBe(first[0]);
      expect(second[1]).toBe(first[1]);
      expect(second.every(({ data }) => data.every((value) => value === 0))).toBe(true);
      expect(
        first[0].data.buffer === first[1].data.buffer &&
          first[0].data.byteOffset === first[1].data.byteOffset,
      ).toBe(false);
    });

    it('holds the largest shape of a slot and all of its views', () => {
      const workspace = new Workspace(backend);
      const run = (rows: number) => workspace.run(() => backend.temporary([rows, 5], 'float32'));
      run(10);
      const bytes = workspace.byteLength;
      const [small, again] = [run(3), run(3)];
      expect(small.shape).toEqual([3, 5]);
      expect(again).toBe(small);
      run(10);
      expect(workspace.byteLength).toBe(bytes);
      run(20);
      expect(workspace.byteLength).toBe(2 * bytes);
    });

    it('serves only while it runs, also when the task throws', () => {
      const workspace = new Workspace(backend);
      const inside = workspace.run(step)[0];
      expect(backend.temporary([2, 3], 'float32')).not.toBe(inside);
      expect(() =>
        workspace.run(() => {
          throw new Error('stop');
        }),
      ).toThrow('stop'); // prettier-ignore
      expect(backend.workspace).toBeUndefined();
    });

    it('nests', () => {
      const [outer, inner] = [new Workspace(backend), new Workspace(backend)];
      outer.run(() => {
        const before = backend.temporary([2], 'float32');
        const within = inner.run(() => backend.temporary([2], 'float32'));
        const after = backend.temporary([2], 'float32');
        expect(new Set([before, within, after]).size).toBe(3);
        expect(() => outer.run(step)).toThrow(
          new ConfigError('Workspace.run: the workspace is running already. Use a second one inside it.'),
        );
        expect(() => inner.run(() => outer.run(step))).toThrow('the workspace is running already');
      });
    });

    it('refuses to run when disposed', () => {
      const workspace = new Workspace(backend);
      workspace.run(step);
      workspace.dispose();
      expect(workspace.byteLength).toBe(0);
      expect(() => workspace.run(step)).toThrow(
        new ConfigError('Workspace.run: the workspace was disposed. Make a new one.'),
      );
    });
  },
);
