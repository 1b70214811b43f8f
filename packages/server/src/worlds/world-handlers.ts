import type { HandlersOf } from "@doppelwerk/kit/server";
import type { ListedWorld } from "@doppelwerk/client";
import type { Principal } from "@doppelwerk/world";
import { checkTitle, noWorld } from "./world-names.ts";
import type { ManagedWorld, WorldRegistry } from "./world-registry.ts";
import type { changeWorld, createWorld, deleteWorld, listWorlds, readWorldContent } from "./worlds-api.ts";

type Worlds = Pick<
  WorldRegistry<ManagedWorld>,
  "list" | "find" | "content" | "create" | "rename" | "retitle" | "archive" | "restore" | "remove"
>;

/** Worlds as the server answers them. One that the caller may not enter is answered like one that is not there. */
export function worldHandlers(
  worlds: Worlds,
  mayEnter: (principal: Principal, world: string) => boolean,
): HandlersOf<readonly [typeof listWorlds, typeof readWorldContent, typeof createWorld, typeof changeWorld, typeof deleteWorld]> {
  const known = (principal: Principal, world: string): string => {
    if (!mayEnter(principal, world)) throw noWorld(world);
    return world;
  };
  return {
    "kernel.worlds": async ({ principal }) => ({ worlds: worlds.list().filter(({ name }) => mayEnter(principal, name)) as never }),
    "kernel.worldContent": async ({ principal, params }) => worlds.content(known(principal, params.world)) as never,
    "kernel.createWorld": async ({ body }) => (await worlds.create(body.name, body.title)) as never,
    "kernel.changeWorld": async ({ principal, params, body }) => (await changed(worlds, known(principal, params.world), body)) as never,
    "kernel.deleteWorld": async ({ principal, params }) => (await worlds.remove(known(principal, params.world))) as never,
  };
}

/** Title, archive, name: what is refused leaves what came before it. */
async function changed(
  worlds: Worlds,
  name: string,
  change: { readonly name?: string | undefined; readonly title?: string | undefined; readonly archived?: boolean | undefined },
): Promise<ListedWorld> {
  let world = worlds.find(name);
  if (change.title !== undefined) world = await worlds.retitle(name, checkTitle(change.title));
  if (change.archived !== undefined) world = change.archived ? await worlds.archive(name) : await worlds.restore(name);
  if (change.name !== undefined && change.name !== name) world = await worlds.rename(name, change.name);
  return world;
}
