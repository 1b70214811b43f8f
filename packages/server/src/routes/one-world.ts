import { HOME_WORLD, type ListedWorld } from "@doppelwerk/client";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { noWorld } from "../worlds/world-names.ts";
import type { HostedWorld } from "./hosted-world.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";

/** A server of one world: it has no other, and takes none. */
export function oneWorld(home: HostedWorld): HostedWorlds {
  const listed: ListedWorld = { name: HOME_WORLD, title: home.title(), state: "open" };
  const absent = async (name: string): Promise<never> => {
    throw noWorld(name);
  };
  return {
    home,
    registry: {
      open: () => [home],
      list: () => [listed],
      find(name) {
        if (name === HOME_WORLD) return listed;
        throw noWorld(name);
      },
      content(name) {
        throw noWorld(name);
      },
      async create() {
        throw new DoppelwerkError("DW_CONFLICT", message("server.oneWorldOnly"));
      },
      enter: async (name) => (name === HOME_WORLD ? { world: home, leave: () => {} } : absent(name)),
      rename: absent,
      retitle: absent,
      archive: absent,
      restore: absent,
      remove: absent,
    },
    mayEnter: () => true,
    whenOpen: (use) => use(home),
  };
}
