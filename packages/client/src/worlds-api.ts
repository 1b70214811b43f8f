import type { Message } from "@doppelwerk/messages";
import type { Requester } from "./request.ts";

interface Call {
  readonly signal?: unknown;
}

/** `failed`: its data could not be opened, or what describes it could not be read. */
export type WorldState = "open" | "opening" | "closing" | "closed" | "archived" | "failed";

export interface ListedWorld {
  readonly name: string;
  readonly title: string;
  readonly state: WorldState;
  /** Why it failed, in English. */
  readonly message?: string;
  readonly reason?: Message;
}

/** What is removed with a world. */
export interface WorldContent {
  readonly name: string;
  readonly title: string;
  readonly state: WorldState;
  readonly files: number;
  readonly bytes: number;
  /** Each of the parts that the world has. */
  readonly parts: readonly {
    readonly part: "documents" | "history" | "events" | "files" | "jobs" | "features" | "signing" | "other";
    readonly files: number;
    readonly bytes: number;
  }[];
}

export interface WorldCalls {
  /** Those that this person may see, the default world first. */
  worlds(call?: Call): Promise<readonly ListedWorld[]>;
  worldContent(name: string, call?: Call): Promise<WorldContent>;
  createWorld(world: { readonly name: string; readonly title?: string }): Promise<ListedWorld>;
  /** A new name or title, or into the archive and out of it. */
  changeWorld(name: string, change: { readonly name?: string; readonly title?: string; readonly archived?: boolean }): Promise<ListedWorld>;
  deleteWorld(name: string): Promise<WorldContent>;
}

export function worldCalls(requester: Requester): WorldCalls {
  const path = (name: string): string => `/worlds/${encodeURIComponent(name)}`;
  return {
    async worlds(call) {
      const { worlds } = await requester.json<{ readonly worlds: readonly ListedWorld[] }>("GET", "/worlds", call);
      return worlds;
    },
    worldContent: (name, call) => requester.json("GET", path(name), call),
    createWorld: (world) => requester.json("POST", "/worlds", { body: world }),
    changeWorld: (name, change) => requester.json("PATCH", path(name), { body: change }),
    deleteWorld: (name) => requester.json("DELETE", path(name)),
  };
}
