import { message, verbatim } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";

/** JavaScript of a module with types or JSX; what it imports as `.ts` or `.tsx` it imports as `.js` then. Errors: DW_INVALID with the place. */
export async function compileView(path: string, source: string): Promise<string> {
  // loaded by whoever writes a pack, never for packs that were added
  const { transformSync } = await import("rolldown/utils");
  const { code, errors } = transformSync(path, source, {
    typescript: { rewriteImportExtensions: "rewrite" },
    jsx: { runtime: "automatic" },
    target: "es2024",
  });
  if (errors.length === 0) return code;
  const reason = errors.map((error) => placeOf(error as Fault)).join("\n");
  throw new DoppelwerkError("DW_INVALID", message("packs.notCompiled", { path, reason: verbatim(reason) }));
}

interface Fault extends Error {
  readonly loc?: { readonly line: number; readonly column: number };
}

/** The frame of code around it is drawn for a terminal: place and first line are enough. */
function placeOf({ loc, message: text }: Fault): string {
  // oxlint-disable-next-line no-control-regex -- colours of a terminal
  const first = text.replace(/\u001B\[[\d;]*m/g, "").split("\n")[0]!;
  return loc === undefined ? first : `${loc.line}:${loc.column + 1} ${first}`;
}
