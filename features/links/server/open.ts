import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, Open, PlantView } from "@doppelwerk/kit/server";
import { livePlaces } from "@doppelwerk/ports";
import { LIVE, type Blobs } from "@doppelwerk/world";
import type { links } from "../feature.ts";
import type {} from "../message-codes.ts";
import { Grants } from "./grants.ts";
import { Links } from "./links.ts";
import { offersTo } from "./offers.ts";

/** What other worlds may read of this one, and what this one shows of others. */
export const open: Open<typeof links> = async (ctx) => {
  const worldId = await ownId(ctx);
  const grants = new Grants(ctx);
  const others = new Links(ctx, worldId);
  return {
    handlers: {
      "links.grants": async () => ({ grants: grants.list() }),
      "links.offers": async ({ view }) => offersTo(view, ctx.find(livePlaces)),
      "links.grant": ({ view, body }) => grants.add(view, body),
      "links.revoke": ({ principal, params }) => grants.revoke(params.grant, principal.id),
      "links.own": async ({ principal }) => ({ ...grants.of(principal), worldId, world: ctx.world.name }),
      "links.file": async ({ principal, view, params }) => {
        grants.of(principal);
        return fileOf(view, ctx.blobs, params.file);
      },
      "links.shells": async ({ view }) => ({ now: ctx.now(), links: others.shells(view) }),
      "links.list": async ({ view }) => ({ now: ctx.now(), links: others.list(view) }),
      "links.add": ({ view, body }) => others.add(view, body),
      "links.remove": ({ view, params }) => others.remove(view, params.link),
    },
    ports: {},
    async close() {
      grants.close();
      await others.close();
    },
  };
};

/** Made once; it goes with the data folder, whatever the world is called. */
async function ownId({ store, ids }: FeatureContext<typeof links>): Promise<string> {
  const kept = store.get("worldId");
  if (typeof kept === "string") return kept;
  const made = ids.next("world");
  await store.set("worldId", made);
  return made;
}

/** Errors: DW_NOT_FOUND. */
async function fileOf(view: PlantView, blobs: Blobs, id: string) {
  const record = view.documents.reader(LIVE).get(id);
  const blob = record?.kind === "file" ? await blobs.open(String(record["hash"])) : undefined;
  if (blob === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("links.noFile", { id: id.slice(0, 200) }));
  return { body: blob.pieces(), headers: { "content-length": String(blob.size) } };
}
