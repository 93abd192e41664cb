/**
 * What a package promises, written down: every public name with its types, in `packages/<name>/etc/<entry>.api.md`, made by
 * API Extractor from the built declarations. A change of the API shows as a change of that file, so that nobody makes one
 * without noticing.
 *
 *   node scripts/api-reports.mjs             fails when a report is out of date, or a public type says `any`
 *   node scripts/api-reports.mjs --update    writes the reports; the packages have to be built
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CompilerState, Extractor, ExtractorConfig } from '@microsoft/api-extractor';
import { anyTypes } from './any-types.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { update } = parseArgs({ options: { update: { type: 'boolean', default: false } } }).values;

/** All entry points of all published packages: where their declarations are and what their report is called. */
const entries = readdirSync(join(root, 'packages')).flatMap((name) => {
  const folder = join(root, 'packages', name);
  if (!existsSync(join(folder, 'package.json'))) return [];
  const { private: hidden, exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return Object.entries(hidden ? {} : (exports ?? {}))
    .filter(([, conditions]) => conditions.import?.types)
    .map(([path, conditions]) => ({
      folder,
      report: [name, ...path.split('/').slice(1)].join('-'),
      declarations: join(folder, conditions.import.types),
    }));
});

const missing = entries.filter(({ declarations }) => !existsSync(declarations));
if (missing.length) {
  console.error(`Not built: ${missing.map(({ report }) => report).join(', ')}. Run \`pnpm build\` first.`);
  process.exit(1);
}

/** Without the paths of our tsconfig files: sister packages are what they publish. */
const compilerOptions = {
  target: 'es2022',
  lib: ['ES2023', 'DOM', 'DOM.Iterable'],
  module: 'esnext',
  moduleResolution: 'bundler',
  strict: true,
  skipLibCheck: true,
  types: ['node'],
};
/** API Extractor's advice has line numbers in it: a report would change with every line. */
const silent = { default: { logLevel: 'none' } };

const problems = [];
const configs = entries.map(({ folder, report, declarations }) =>
  ExtractorConfig.prepare({
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath: declarations,
      newlineKind: 'lf',
      compiler: { overrideTsconfig: { compilerOptions, files: entries.map((entry) => entry.declarations) } },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: join(folder, 'etc'),
        reportTempFolder: join(root, 'node_modules/.cache/api-reports'),
        includeForgottenExports: true,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages: {
        compilerMessageReporting: { default: { logLevel: 'error' } },
        extractorMessageReporting: silent,
        tsdocMessageReporting: silent,
      },
    },
  }),
);

const [first] = configs;
mkdirSync(first.reportTempFolder, { recursive: true });
const compilerState = CompilerState.create(first, {
  additionalEntryPoints: configs.slice(1).map((config) => config.mainEntryPointFilePath),
});

for (const config of configs) {
  const report = config.reportFilePath;
  if (update) mkdirSync(config.reportFolder, { recursive: true });
  const { apiReportChanged, errorCount } = Extractor.invoke(config, {
    compilerState,
    localBuild: update,
    printApiReportDiff: !update,
    messageCallback(message) {
      if (message.logLevel === 'error') problems.push(`${basename(report)}: ${message.text}`);
      if (message.logLevel !== 'error' && !/^console-api-report-diff/.test(message.messageId))
        message.handled = true;
    },
  });
  if (apiReportChanged && !update) problems.push(`${basename(report)} is out of date.`);
  if (errorCount && !apiReportChanged)
    problems.push(`${basename(report)}: API Extractor found ${errorCount} errors.`);
  for (const where of anyTypes(compilerState.program, config.mainEntryPointFilePath)) {
    problems.push(`${basename(report, '.api.md')}: ${where}`);
  }
}

// A report without its entry point.
for (const folder of new Set(entries.map((entry) => entry.folder))) {
  const etc = join(folder, 'etc');
  const known = entries.map((entry) => `${entry.report}.api.md`);
  for (const file of existsSync(etc) ? readdirSync(etc) : []) {
    if (known.includes(file)) continue;
    if (update) rmSync(join(etc, file));
    else problems.push(`${file} is of no entry point.`);
  }
}

if (problems.length) {
  console.error(
    `${problems.join('\n')}\n\nIf the change of the API is meant: \`pnpm api\`, and commit the reports.`,
  );
  process.exit(1);
}
console.log(
  `${entries.length} entry points ${update ? 'written' : 'are as their reports say'}, no public type is any`,
);
