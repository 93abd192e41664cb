/** Which licences there are, and which there may be. */
import satisfies from 'spdx-satisfies';

/** May be installed with a package of ours: nothing that asks more than a notice of who uses our packages. */
export const ALLOWED_WITH_OURS = [
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'CC0-1.0',
  'ISC',
  'MIT',
  'MIT-0',
  'Unlicense',
];

/** May be used, unchanged, to build, test and document: nothing of it gets into a package. */
export const ALLOWED_FOR_TOOLS = [...ALLOWED_WITH_OURS, 'CC-BY-3.0', 'MPL-2.0', 'Python-2.0'];

/** Where the manifest says it in words; read in the package's own LICENSE file. */
const IN_WORDS = {
  slick: 'MIT', // "MIT (http://mootools.net/license.txt)"
  spawndamnit: 'MIT', // "SEE LICENSE IN LICENSE"
  speakingurl: 'BSD-3-Clause', // "BSD"
};

/**
 * @param {{ name: string, license?: string | { type: string }, licenses?: { type: string }[] }} manifest
 * @returns {string} the SPDX expression of a package
 */
export function licenceOf({ name, license, licenses }) {
  if (name in IN_WORDS) return IN_WORDS[name];
  const given = license ?? licenses?.map(({ type }) => type).join(' OR ') ?? '';
  return (typeof given === 'string' ? given : given.type).replace(/^\((.*)\)$/, '$1');
}

/** @returns {boolean} whether `expression` allows what `allowed` allows; an expression that is none does not */
export function isAllowed(expression, allowed) {
  try {
    return satisfies(expression, allowed);
  } catch {
    return false;
  }
}
