/** The CommonJS twin of a program that is written as an ES module without top-level await. */
export function commonJs(program) {
  return program.replaceAll(/^import (\{[^}]*\}) from ('[^']+');$/gm, (_, names, from) => {
    const renamed = names.replaceAll(/\bas\b/g, ':');
    return `const ${renamed} = require(${from});`;
  });
}
