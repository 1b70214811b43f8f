import type { Principal } from "@doppelwerk/world";
import type { WorldRegistry } from "../worlds/world-registry.ts";
import type { HostedWorld } from "./hosted-world.ts";

/** The worlds of one server, as its routes hold them. */
export interface HostedWorlds {
  /** Data folder of the server, which holds its packs; undefined where a world is served without one. */
  readonly data?: string;
  /** Of the short addresses. */
  readonly home: HostedWorld;
  readonly registry: Pick<
    WorldRegistry<HostedWorld>,
    "open" | "enter" | "list" | "find" | "content" | "create" | "rename" | "retitle" | "archive" | "restore" | "remove"
  >;
  /** Who may not enter a world is answered as if there were none of that name. */
  mayEnter(principal: Principal, world: string): boolean;
  /** Called with each world that is open, and with those that open later, before anybody enters. */
  whenOpen(use: (world: HostedWorld) => void): void;
}
