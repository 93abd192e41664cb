/** Known vulnerabilities of what is installed, by the registry's audit. */
import { run } from '../run.mjs';

/**
 * A registry that does not answer such questions is told of loudly and is no failure, unless the check is `required`, as it
 * is before a release.
 *
 * @returns {Promise<{ problems: string[], note: string }>}
 */
export async function audit({ required = false } = {}) {
  const { stdout } = await run('pnpm', ['audit', '--audit-level', 'high', '--json']);
  return readAudit(stdout, required);
}

/** @param {string} text what `pnpm audit --json` printed */
export function readAudit(text, required) {
  let answer;
  try {
    answer = JSON.parse(text);
  } catch {
    answer = { error: { message: text.trim() || 'no answer' } };
  }
  if (answer.error || !answer.metadata) {
    const why = String(answer.error?.message ?? 'its answer has no counts').replaceAll(/ \(at [^)]*\)/g, '');
    const note = `vulnerabilities NOT CHECKED: the registry does not answer the audit (${why})`;
    return { problems: required ? [note] : [], note };
  }
  const serious = Object.values(answer.advisories ?? {}).filter(({ severity }) =>
    /^(high|critical)$/.test(severity),
  );
  return {
    problems: serious.map(
      ({ severity, module_name: name, title, findings = [] }) =>
        `${severity}: ${name}: ${title} (${findings.flatMap(({ paths = [] }) => paths)[0] ?? 'unknown path'})`,
    ),
    note: 'no vulnerability known that is high or critical',
  };
}
