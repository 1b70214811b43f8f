import { dirname, resolve } from "node:path";
import type { Plugin } from "vite";

const VIRTUAL = "\0small-views:";
const INDEX = /\/features\/[^/]+\/studio\/(?:.+\/)?views\.ts$/;
const IMPORT = /import\("(\.{1,2}\/[^"]+)"\)/g;
/** A page has a file of its own: another page loads nothing of it. */
const OF_PAGE = /^\(shell\.page\b/;
const LOAD_OF_PAGE = /\bload: \(\) => $/;

/**
 * Small views of a feature come in one file: alone each is a request for a few hundred bytes, and a screen shows dozens. `fileOf` names the file of a module;
 * what it does not know is loaded by itself.
 */
export function smallViews(fileOf: ReadonlyMap<string, string>): Plugin {
  const files = new Map<string, string[]>();
  for (const [id, name] of fileOf) files.set(name, [...(files.get(name) ?? []), id]);
  return {
    name: "small-views",
    enforce: "pre",
    resolveId: (id) => (id.startsWith(VIRTUAL) ? id : undefined),
    load(id) {
      if (!id.startsWith(VIRTUAL)) return undefined;
      const modules = files.get(id.slice(VIRTUAL.length)) ?? [];
      return modules.map((module, at) => `export * as view${at} from ${JSON.stringify(module)};`).join("\n");
    },
    transform(code, id) {
      if (!INDEX.test(id)) return undefined;
      const [head = "", ...views] = code.split(/\bview(?=\()/);
      return [
        head,
        ...views.map((view) =>
          view.replaceAll(IMPORT, (whole, path: string, offset: number) => {
            const module = resolve(dirname(id), path);
            const name = OF_PAGE.test(view) && LOAD_OF_PAGE.test(view.slice(0, offset)) ? undefined : fileOf.get(module);
            if (name === undefined) return whole;
            return `import(${JSON.stringify(VIRTUAL + name)}).then((all) => all.view${files.get(name)!.indexOf(module)})`;
          }),
        ),
      ].join("view");
    },
  };
}
