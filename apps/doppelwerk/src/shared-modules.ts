import { createRequire } from "node:module";
import type { HtmlTagDescriptor, IndexHtmlTransformContext, Plugin } from "vite";

/** What the studio shares with packs: React and the kit exist once in a window. */
const SHARED_MODULES = ["react", "react/jsx-runtime", "react-dom", "@doppelwerk/kit/studio", "@doppelwerk/kit/studio/viewer"] as const;

const VIRTUAL = "\0shared:";

/** The module that the kit is shared as. */
export const SHARED_KIT = `${VIRTUAL}@doppelwerk/kit/studio`;

/**
 * An entry for each shared module, and the import map of `index.html` that names them. The server allows this one inline script by its hash
 * (`packages/server/src/http/content-policy.ts`).
 */
export function sharedModules(): Plugin {
  const references = new Map<string, string>();
  return {
    name: "shared-modules",
    apply: "build",
    buildStart() {
      for (const specifier of SHARED_MODULES)
        references.set(
          specifier,
          this.emitFile({
            type: "chunk",
            id: `${VIRTUAL}${specifier}`,
            name: `shared-${specifier.replace(/\W+/g, "-").replace(/^-/, "")}`,
            preserveSignature: "strict",
          }),
        );
    },
    resolveId(id) {
      return id.startsWith(VIRTUAL) ? id : undefined;
    },
    load(id) {
      if (!id.startsWith(VIRTUAL)) return undefined;
      const specifier = id.slice(VIRTUAL.length);
      return specifier.startsWith("react") ? reexported(specifier) : `export * from ${JSON.stringify(specifier)};`;
    },
    transformIndexHtml: {
      order: "post",
      handler(_, { bundle = {} }) {
        const entries = new Map(
          Object.values(bundle).flatMap((file) =>
            file.type === "chunk" && file.facadeModuleId?.startsWith(VIRTUAL) === true
              ? [[file.facadeModuleId.slice(VIRTUAL.length), file.fileName] as const]
              : [],
          ),
        );
        const imports = SHARED_MODULES.map((specifier) => {
          const file = entries.get(specifier);
          if (file === undefined) throw new Error(`no entry was made for the shared module ${specifier}`);
          return [specifier, `/${file}`] as const;
        });
        const styles = [...reachedBy(entries.get("@doppelwerk/kit/studio")!, bundle)].flatMap((name) => stylesOf(bundle[name]));
        return [
          {
            tag: "script",
            attrs: { type: "importmap" },
            children: JSON.stringify({ imports: Object.fromEntries(imports) }),
            injectTo: "head-prepend",
          },
          { tag: "meta", attrs: { name: "kit-styles", content: [...new Set(styles)].join(" ") }, injectTo: "head" },
        ] satisfies HtmlTagDescriptor[];
      },
    },
  };
}

type Bundle = NonNullable<IndexHtmlTransformContext["bundle"]>;

/** A file and everything it imports at once. */
function reachedBy(name: string, bundle: Bundle, seen = new Set<string>()): ReadonlySet<string> {
  const file = bundle[name];
  if (file?.type !== "chunk" || seen.has(name)) return seen;
  seen.add(name);
  for (const next of file.imports) reachedBy(next, bundle, seen);
  return seen;
}

function stylesOf(file: Bundle[string] | undefined): readonly string[] {
  return file?.type === "chunk" ? [...(file.viteMetadata?.importedCss ?? [])].map((name) => `/${name}`) : [];
}

/** React is CommonJS, whose names are known only by running it: here, as Node has it in production. */
function reexported(specifier: string): string {
  const present = createRequire(import.meta.url)(specifier) as Readonly<Record<string, unknown>>;
  const names = Object.keys(present).filter((name) => /^\w+$/.test(name) && !name.startsWith("__"));
  return `import all from ${JSON.stringify(specifier)};\nexport const { ${names.join(", ")} } = all;\nexport default all;`;
}
