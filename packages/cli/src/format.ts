/** Numbers and durations as the commands print them; always with a decimal point, whatever the locale. */

/** 12345 → `12,345` */
export function integer(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** Nats per character with three digits behind the point; a dash where there is no number yet. */
export function nats(loss: number | undefined): string {
  return loss === undefined || Number.isNaN(loss) ? '–' : loss.toFixed(3);
}

/** 8 → `8 s`, 75 → `1:15 min`, 3700 → `1:01:40 h` */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (n: number) => String(n).padStart(2, '0');
  if (h) return `${h}:${two(m)}:${two(s)} h`;
  return m ? `${m}:${two(s)} min` : `${s} s`;
}

/** 1 → `1 line`, 2 → `2 lines` */
export function plural(n: number, noun: string): string {
  return `${integer(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** 1536 → `1.5 kB` */
export function bytes(n: number): string {
  if (n < 1000) return `${n} B`;
  return n < 1e6 ? `${(n / 1e3).toFixed(1)} kB` : `${(n / 1e6).toFixed(1)} MB`;
}

/** A word of a command line, quoted where a shell would read it as more than one word. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
