import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { anyTypes } from './any-types.mjs';

/** What is found in `index.d.ts`, beside the other files. */
function found(files: Record<string, string>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'rnnlab-any-'));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const entry = join(folder, 'index.d.ts');
    const program = ts.createProgram([entry], {
      noLib: true,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
    });
    return anyTypes(program, entry);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('finds any in parameters, results and type arguments, and not in words', () => {
  const text = [
    'export declare function f(x: any): void;',
    'export declare const many: Map<string, any[]>;',
    'export declare const any: unknown; // any',
  ];
  expect(found({ 'index.d.ts': text.join('\n') })).toEqual([
    'any in line 1 of its declarations: export declare function f(x: any): void;',
    'any in line 2 of its declarations: export declare const many: Map<string, any[]>;',
  ]);
});

it('looks into the files that entry points share', () => {
  const files = {
    'index.d.ts': "export { X } from './x-1.js';",
    'x-1.d.ts': 'export interface X { y: any }',
  };
  expect(found(files)).toEqual(['any in line 1 of its declarations: export interface X { y: any }']);
  expect(found({ 'index.d.ts': "export { X } from './gone.js';" })).toEqual([
    './gone.js is not there: everything from it would be any',
  ]);
});
