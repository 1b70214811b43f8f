import type { FeatureContext, Open } from "@doppelwerk/kit/server";
import { livePlaces } from "@doppelwerk/ports";
import type { links } from "../feature.ts";
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
      "links.revoke": ({ params }) => grants.revoke(params.grant),
      "links.own": async ({ principal }) => ({ ...grants.of(principal), worldId, world: ctx.world.name }),
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
