import type { SpecificAssetId } from "@doppelwerk/aas";
import { message } from "@doppelwerk/messages";
import { assetIdKey, DoppelwerkError, shellOf, type Json, type RecordReader, type WorldRecord } from "@doppelwerk/world";
import type { Apply, AssetLink, Listed, Page } from "./aas-source.ts";
import { hasAssetIds, linksOfShell } from "./list-filters.ts";
import type { Written } from "./written-in-turn.ts";
import { keepFor, listOwnOrKept, ownOrKept, takeOut, type Kinds, type OwnOrKept } from "./own-or-kept.ts";

/**
 * Discovery of a branch: the asset ids of its own shells are links by themselves; links may be written for any other shell, and what is
 * written for an own one is told in place of them. Errors: DW_NOT_FOUND.
 */
export interface AssetLinks {
  /** Ids of shells that have every one of the links; all shells without any. */
  shellIds(page: Page, links: readonly AssetLink[]): Listed<string>;
  linksOf(shellId: string): readonly SpecificAssetId[] | undefined;
  put(shellId: string, links: readonly SpecificAssetId[]): Promise<void>;
  remove(shellId: string): Promise<void>;
}

const KINDS: Kinds = { own: "shell", kept: "assetLinks" };

export function createAssetLinks(reader: () => RecordReader, apply: Apply, written: Written): AssetLinks {
  const told = (now: RecordReader, { own, kept }: OwnOrKept): readonly SpecificAssetId[] =>
    (kept?.["links"] as readonly SpecificAssetId[] | undefined) ?? linksOfShell(shellOf(now, own!.id)!);
  return {
    shellIds(page, links) {
      const now = reader();
      const shared = links[0] && {
        name: "assetId",
        value: assetIdKey(links[0].name, links[0].value),
        has: (own: WorldRecord) => hasAssetIds(linksOfShell(shellOf(now, own.id)!), [links[0]!]),
      };
      const idOf = (item: OwnOrKept) => {
        if (links.length > 0 && !hasAssetIds(told(now, item), links)) return undefined;
        return (item.own ?? item.kept)!["aasId"] as string;
      };
      return listOwnOrKept(now, KINDS, page, idOf, shared && { shared });
    },
    linksOf(shellId) {
      const now = reader();
      const found = ownOrKept(now, KINDS, shellId);
      return found && told(now, found);
    },
    put: (shellId, links) =>
      written(`links ${shellId}`, () =>
        apply([keepFor(reader(), KINDS.kept, shellId, { links: links as unknown as Json })], `AAS discovery: links of ${shellId}`),
      ),
    remove: (shellId) =>
      written(`links ${shellId}`, async () => {
        const now = reader();
        const found = ownOrKept(now, KINDS, shellId);
        if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("aasServer.noAssetLinks", { shellId }));
        await apply(takeOut(now, KINDS, found), `AAS discovery: no links of ${shellId}`);
      }),
  };
}
