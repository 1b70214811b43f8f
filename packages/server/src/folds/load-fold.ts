import type { AnyFold } from "@doppelwerk/world";
import { PACK_FOLD } from "../packs/folds/fold-url.ts";

/** As `import` does: one object for one URL in a thread, by which instances are of one fold. */
const packFolds = new Map<string, Promise<AnyFold>>();

/** The fold of a URL, of a module of the product or of a pack, in this thread. */
export async function loadFold(url: string): Promise<AnyFold> {
  if (!url.startsWith(PACK_FOLD)) return ((await import(url)) as { readonly default: AnyFold }).default;
  let fold = packFolds.get(url);
  if (fold === undefined) {
    fold = loadPackFold(url);
    packFolds.set(url, fold);
    // what could not be loaded may be there later
    fold.catch(() => packFolds.delete(url));
  }
  return fold;
}

/** Only threads that fold for a pack load the machine that its code runs in. */
async function loadPackFold(url: string): Promise<AnyFold> {
  return (await import("../packs/folds/load-pack-fold.ts")).loadPackFold(url);
}
