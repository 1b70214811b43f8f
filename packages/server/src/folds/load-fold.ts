import type { AnyFold } from "@doppelwerk/world";
import { PACK_FOLD } from "../packs/folds/fold-url.ts";

/** The fold of a URL, of a module of the product or of a pack, in this thread. */
export async function loadFold(url: string): Promise<AnyFold> {
  // only threads that fold for a pack load the machine that its code runs in
  if (url.startsWith(PACK_FOLD)) return (await import("../packs/folds/load-pack-fold.ts")).loadPackFold(url);
  return ((await import(url)) as { readonly default: AnyFold }).default;
}
