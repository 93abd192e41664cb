import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { main } from './main';
import { reportPage } from './report-page';
import { capturedIO } from './testing/captured-io';
import { someNames, temporaryFile } from './testing/small-corpus';

it('writes one page with curves, reference lines, samples and settings, and nothing from outside', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const report = join(file, '..', 'reports', 'run.html');
  const io = capturedIO();
  const args = ['train', file, '--out', `${file}.safetensors`, '--hidden', '5', '--epochs', '3'];
  expect([await main([...args, '--report', report], io), io.err()]).toEqual([0, '']);
  const page = await readFile(report, 'utf8');
  const charts = JSON.parse(/const charts = (.*);/.exec(page)![1]);
  const names = charts.map(({ lines }: { lines: { name: string }[] }) => lines.map(({ name }) => name));
  expect(names).toEqual([
    ['training', 'validation', 'unigram', 'bigram', '5-gram'],
    ['norm'],
    ['rate'],
    ['speed'],
    ['memory'],
  ]);
  expect(charts[0].lines[0].x).toEqual([1, 2, 3, 4, 5, 6]);
  expect(charts[0].lines[1].x).toEqual([2, 4, 6]);
  const { x, y } = charts[3].lines[0];
  expect(x).toEqual([1, 2, 3, 4, 5, 6]);
  for (const speed of y) expect(speed).toBeGreaterThan(0);
  expect(charts[4].lines[0].x).toEqual([2, 4, 6]);
  for (const megabytes of charts[4].lines[0].y) expect(megabytes).toBeGreaterThan(1);
  expect(page).toMatch(/Best validation: \d\.\d{3} nats\/char at step 6/);
  expect(page.match(/<h3>Step \d<\/h3>/g)).toEqual([
    '<h3>Step 2</h3>',
    '<h3>Step 4</h3>',
    '<h3>Step 6</h3>',
    '<h3>Step 6</h3>',
  ]);
  expect(page).toContain('<tr><th>hidden</th><td>5</td></tr>');
  expect(page).toContain('uPlot');
  expect(page).not.toMatch(/(?:src|href)=|@import|url\(/);
});

it('cannot be broken out of by what the model writes', () => {
  const evil = '</script><script>alert(1)</script>';
  const page = reportPage({
    title: evil,
    summary: evil,
    charts: [{ title: evil, lines: [] }],
    samples: [{ step: 1, texts: [evil] }],
    settings: { file: evil },
  });
  expect(page).not.toContain('<script>alert');
});

it('finds out before training that the page cannot be written', async () => {
  const file = await temporaryFile('names.txt', someNames);
  const io = capturedIO();
  const args = ['train', file, '--out', `${file}.safetensors`, '--report', join(file, 'run.html')];
  expect(await main(args, io)).toBe(1);
  expect(io.err()).toBe(
    `rnnlab: Cannot write the report "${join(file, 'run.html')}": a part of its path is a file, not a folder; choose another --report.\n`,
  );
  expect(io.out()).toBe('');
});
