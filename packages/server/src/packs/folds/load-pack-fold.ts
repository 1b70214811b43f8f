import { foldOfPack, MAX_OUTPUTS } from "@doppelwerk/kit/pack";
import type { AnyFold } from "@doppelwerk/world";
import { PACK_FOLD, type NamedPackFold } from "./fold-url.ts";
import { sandboxedCode } from "./sandbox.ts";

/** The fold of such a URL, in a sandbox of this thread. Throws where its module cannot be loaded. */
export async function loadPackFold(url: string): Promise<AnyFold> {
  const { folder, declared } = JSON.parse(decodeURIComponent(url.slice(PACK_FOLD.length))) as NamedPackFold;
  const { module, inputs } = declared;
  return foldOfPack(declared, await sandboxedCode({ folder, module, inputs, maxOutputs: MAX_OUTPUTS }));
}
