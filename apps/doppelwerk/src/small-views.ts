import { dirname, resolve } from "node:path";
import type { HtmlTagDescriptor, Plugin, Rolldown } from "vite";

const VIRTUAL = "\0small-views:";
/** The file of those without charts. */
const ON_EVERY_PAGE = "small-views";
const INDEX = /\/features\/[^/]+\/studio\/(?:.+\/)?views\.ts$/;
const IMPORT = /import\("(\.{1,2}\/[^"]+)"\)/g;
/** A page has a file of its own: another page loads nothing of it. */
const OF_PAGE = /^\(shell\.page\b/;
const LOAD_OF_PAGE = /\bload: \(\) => $/;

/**
 * Small views come in one file: alone each is a request for a few hundred bytes, and a screen shows dozens. `fileOf` names the file of a module;
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
    transformIndexHtml: {
      order: "post",
      // every page shows some of them: they come beside the shell, not after it
      handler: (html, { bundle = {} }) => {
        const file = Object.values(bundle).find((each) => each.type === "chunk" && each.facadeModuleId === `${VIRTUAL}${ON_EVERY_PAGE}`);
        return file?.type === "chunk" ? preloads(file, bundle).filter(({ attrs }) => !html.includes(`"${String(attrs?.["href"])}"`)) : [];
      },
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

/** Links to a file, to what it imports, and to the styles of these. */
function preloads(of: Rolldown.OutputChunk, bundle: Rolldown.OutputBundle): HtmlTagDescriptor[] {
  const chunks = [of, ...of.imports.flatMap((name) => (bundle[name]?.type === "chunk" ? [bundle[name]] : []))];
  const styles = new Set(chunks.flatMap(({ viteMetadata }) => [...(viteMetadata?.importedCss ?? [])]));
  return [
    ...chunks.map(({ fileName }) => linkTo("modulepreload", fileName)),
    ...[...styles].map((fileName) => linkTo("stylesheet", fileName)),
  ];
}

function linkTo(rel: string, fileName: string): HtmlTagDescriptor {
  return { tag: "link", attrs: { rel, crossorigin: true, href: `/${fileName}` }, injectTo: "head" };
}
