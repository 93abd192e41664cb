/**
 * typedoc plugin for a workspace that is documented as one program (one pass, links between packages for free):
 * modules are called as they are imported, and `{@link ShapeError}` finds the export of a sister package in a
 * file that does not import it. TypeScript resolves a link only among what a file imports.
 */
import { Converter, ReflectionKind } from 'typedoc';

/** @param {import('typedoc').Application} app */
export function load(app) {
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
      module.name = module.name.replace(/^(?:packages\/)?([a-z-]+)\/src(\/testing)?$/, '@rnnlab/$1$2');
    }
  });
  app.converter.addUnknownSymbolResolver(({ moduleSource, symbolReference }, reflection) => {
    const path = symbolReference?.path;
    if (moduleSource || path?.length !== 1) return undefined;
    const exports = reflection.project
      .getReflectionsByKind(ReflectionKind.SomeExport)
      .filter(({ name }) => name === path[0].path);
    return exports.length === 1 ? { target: exports[0], caption: path[0].path } : undefined;
  });
}
