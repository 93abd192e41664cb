/** Markdown tables of the benchmark page. */
import { contestants } from './contestants.mjs';
import { recordOf, valueOf } from './results.mjs';

const significant = (value, digits) =>
  Number(value.toPrecision(digits)).toLocaleString('en-US', { maximumFractionDigits: 3 }); // prettier-ignore

/** `152k`, `8.3k`, `640`; ms and GFLOP/s with three digits. */
export function formatValue(value, unit) {
  if (unit === 'characters/s') {
    if (value >= 999500) return `${significant(value / 1e6, 3)}M`;
    return value >= 1000 ? `${significant(value / 1000, 3)}k` : significant(value, 3);
  }
  return significant(unit === 'GFLOP/s' ? value / 1e9 : value, 3);
}

export const formatRatio = (value) =>
  Number.isFinite(value) ? `${significant(value, value >= 100 ? 3 : 2)}×` : '';

/** How far the rounds of a contestant lie apart, as a share of their median. */
export function spreadOf(results, workload, contestant) {
  const record = recordOf(results, workload, contestant);
  const rounds = record?.rates?.length ? record.rates : record?.firstMs;
  return rounds && (Math.max(...rounds) - Math.min(...rounds)) / valueOf(results, workload, contestant);
}

export const nameOf = (id) => contestants.get(id)?.name ?? id;

export const table = (head, rows) =>
  [head, head.map((_, i) => (i ? '--:' : '---')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/**
 * A row for every contestant, a column for every workload.
 *
 * @param {{ id: string, title: string, unit: string, contestants: string[] }[]} columns
 * @param {(id: string, workload: string) => string} cell for a contestant that ran
 */
export function contestantTable(results, columns, heads, cell, more = []) {
  const measured = columns.filter(({ id }) => results.workloads[id]);
  if (measured.length === 0) return 'Not measured yet.';
  const ids = [...new Set(measured.flatMap(({ contestants }) => contestants))];
  const notes = [];
  const rows = ids.map((id) => {
    const cells = columns.map((workload) => {
      const record = results.workloads[workload.id]?.results[id];
      if (!record) return '';
      if (!record.notRun)
        return `${cell(id, workload.id)}${record.differs === undefined ? '' : ' **other work**'}`;
      notes.push({ id, reason: record.notRun, title: workload.title });
      return 'not run';
    });
    const reasons = new Set(notes.filter((note) => note.id === id).map(({ reason }) => reason));
    const whole = cells.every((text) => text === 'not run' || text === '');
    if (whole && reasons.size === 1) cells[0] = `**not run: ${[...reasons][0]}**`;
    return [nameOf(id), ...cells, ...more.map((column) => column.cell(id))];
  });
  const text = table(['', ...heads, ...more.map(({ head }) => head)], rows);
  const rest = [...new Set(notes.map(({ id, reason }) => `${nameOf(id)}: ${reason}`))];
  return rest.length ? `${text}\n\nNot run: ${rest.join('; ')}.` : text;
}
