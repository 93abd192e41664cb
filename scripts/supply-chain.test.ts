import { describe, expect, it } from 'vitest';
import { readAudit } from './supply-chain/audit.mjs';
import { refusedInstallScripts } from './supply-chain/install-scripts.mjs';
import { ALLOWED_FOR_TOOLS, ALLOWED_WITH_OURS, isAllowed, licenceOf } from './supply-chain/licences.mjs';
import { installedWithThem, publishedPackages } from './supply-chain/published-packages.mjs';
import { thirdPartyPage } from './supply-chain/third-party-page.mjs';

describe('licences', () => {
  it.each([
    ['MIT', true],
    ['Apache-2.0 AND MIT', true],
    ['GPL-3.0-only OR MIT', true],
    ['Apache-2.0 AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['MPL-2.0', false],
    ['SEE LICENSE IN LICENSE', false],
    ['', false],
  ])('%s may come with a package of ours: %s', (expression, allowed) => {
    expect(isAllowed(expression, ALLOWED_WITH_OURS)).toBe(allowed);
  });

  it('of tools may be wider, and still not any', () => {
    expect(isAllowed('MPL-2.0', ALLOWED_FOR_TOOLS)).toBe(true);
    expect(isAllowed('AGPL-3.0-only', ALLOWED_FOR_TOOLS)).toBe(false);
  });

  it('are read from old forms of manifests too', () => {
    expect(licenceOf({ name: 'a', license: '(BSD-3-Clause AND Apache-2.0)' })).toBe(
      'BSD-3-Clause AND Apache-2.0',
    );
    expect(licenceOf({ name: 'a', license: { type: 'MIT' } })).toBe('MIT');
    expect(licenceOf({ name: 'a', licenses: [{ type: 'MIT' }, { type: 'ISC' }] })).toBe('MIT OR ISC');
    expect(licenceOf({ name: 'a' })).toBe('');
  });
});

describe('install scripts', () => {
  const ours = (scripts: object, hasGyp = false) => [{ manifest: { name: '@rnnlab/x', scripts }, hasGyp }];
  const other = (name: string, scripts: object) => [
    { manifest: { name, scripts }, broughtBy: ['@rnnlab/x'] },
  ];

  it('of our packages are refused, and a binding.gyp, which npm compiles', () => {
    expect(refusedInstallScripts(ours({ build: 'tsup', test: 'vitest' }), [])).toEqual([]);
    expect(refusedInstallScripts(ours({ postinstall: 'node x' }), [])).toEqual([
      '@rnnlab/x would run postinstall on installation. Published packages run nothing.',
    ]);
    expect(refusedInstallScripts(ours({}, true), [])).toHaveLength(1);
  });

  it('of others are refused unless somebody has looked', () => {
    expect(refusedInstallScripts([], other('koffi', { install: 'node x' }))).toEqual([]);
    expect(refusedInstallScripts([], other('miner', { preinstall: 'node x' }))[0]).toMatch(
      /^miner, brought by @rnnlab\/x, runs preinstall on installation\. Do without it, or say in /,
    );
  });
});

describe('the audit', () => {
  const advisory = { severity: 'high', module_name: 'x', title: 'Bad', findings: [{ paths: ['a>x'] }] };

  it('names what is high or critical', () => {
    const found = { advisories: { 1: advisory, 2: { ...advisory, severity: 'low' } }, metadata: {} };
    expect(readAudit(JSON.stringify(found), false).problems).toEqual(['high: x: Bad (a>x)']);
    expect(readAudit('{"advisories":{},"metadata":{}}', true)).toEqual({
      problems: [],
      note: 'no vulnerability known that is high or critical',
    });
  });

  it.each(['{"error":{"message":"The audit endpoint (at https://x) responded with 405"}}', 'no JSON', '{}'])(
    'says loudly that it did not happen, and fails when it is required: %s',
    (text) => {
      const { problems, note } = readAudit(text, false);
      expect(problems).toEqual([]);
      expect(note).toMatch(/^vulnerabilities NOT CHECKED: the registry does not answer the audit \(/);
      expect(note).not.toContain('https:');
      expect(readAudit(text, true).problems).toEqual([note]);
    },
  );
});

it('what comes with our packages is what their manifests name, and what that names', () => {
  const others = installedWithThem();
  for (const { manifest } of publishedPackages()) {
    for (const name of Object.keys(manifest.dependencies ?? {}).filter(
      (name) => !name.startsWith('@rnnlab/'),
    )) {
      expect(others.find((other) => other.manifest.name === name)?.broughtBy).toContain(manifest.name);
    }
  }
  expect(others.filter(({ manifest }) => manifest.name.startsWith('@rnnlab/'))).toEqual([]);
});

it('the page does not depend on the machine that writes it', () => {
  const manifests = [
    { name: 'b', license: 'MIT' },
    { name: 'a', license: 'MIT' },
    { name: 'a-linux', license: 'MIT', os: ['linux'] },
  ];
  const page = thirdPartyPage(
    ['@rnnlab/x', '@rnnlab/y'],
    [{ manifest: manifests[0], broughtBy: ['@rnnlab/x'] }],
    manifests,
  );
  expect(page).toContain('| b | MIT | `@rnnlab/x` |');
  expect(page).toContain('**MIT**: a, b\n');
  expect(page).toContain('Nothing but sister packages comes with `@rnnlab/y`.');
});
