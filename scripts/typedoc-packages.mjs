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
      const [, starter] = /^(?:packages\/)?(create-rnnlab)\/src$/.exec(module.name) ?? [];
      module.name =
        starter ??
        module.name.replace(/^(?:packages\/)?([a-z-]+)\/src(\/testing|\/node|\/kernels)?$/, '@rnnlab/$1$2');
    }
  });
  app.converter.addUnknownSymbolResolver(({ moduleSource, symbolReference }, reflection) => {
    const path = symbolReference?.path;
    if (moduleSource || path?.length !== 1) return undefined;
    const exports = reflection.project
      .getReflectionsByKind(ReflectionKind.SomeExport)
      .filter(({ name }) => name === path[0].path);
    // The error classes of @rnnlab/optimizers, which imports nothing at run time, are called as those of tensor.
    const found = exports.find(({ parent }) => parent?.name === '@rnnlab/tensor') ?? exports[0];
    return found && { target: found, caption: path[0].path };
  });
}
