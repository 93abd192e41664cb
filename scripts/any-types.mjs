/** Where a public declaration says `any`: such a type checks nothing, and spreads to whatever it is assigned to. */
import ts from 'typescript';

/**
 * A built declaration file holds what can be reached from its entry point and nothing else, with every inferred type
 * written out, so it is enough to look for the word.
 *
 * @param {ts.Program} program
 * @param {string} entry the path of the declaration file; the files that it shares with other entry points count too
 * @returns {string[]} one line for each `any`
 */
export function anyTypes(program, entry) {
  const found = [];
  const seen = new Set();
  const read = (path) => {
    const file = program.getSourceFile(path);
    if (seen.has(file)) return;
    seen.add(file);
    const visit = (node) => {
      if (node.kind === ts.SyntaxKind.AnyKeyword) {
        const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
        found.push(`any in line ${line + 1} of its declarations: ${file.text.split('\n')[line].trim()}`);
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    for (const { fileName: text } of ts.preProcessFile(file.text).importedFiles) {
      if (!text.startsWith('.')) continue;
      const { resolvedModule } = ts.resolveModuleName(
        text,
        file.fileName,
        program.getCompilerOptions(),
        ts.sys,
      );
      if (!resolvedModule) found.push(`${text} is not there: everything from it would be any`);
      else read(resolvedModule.resolvedFileName);
    }
  };
  read(entry);
  return found;
}
