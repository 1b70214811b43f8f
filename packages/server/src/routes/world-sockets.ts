import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { HOME_WORLD } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { refusalOf } from "../http/guard.ts";
import { refuseUpgrade } from "../rooms/hub.ts";
import { keyOf } from "../http/guests.ts";
import { noWorld } from "../worlds/world-names.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";

/** `/worlds/{world}/ws`, and WebSockets of the own API below `/worlds/{world}/`. */
const OF_WORLD = /^(?<before>\/api\/doppelwerk\/v1)?\/worlds\/(?<world>[^/?#]+)(?<rest>\/[^?#]+)/;

/** Serves the WebSockets of an HTTP server, each by the room of its world, which is opened where it is closed. */
export function attachWorlds(server: Server, worlds: HostedWorlds): void {
  worlds.home.hub.expect(server);
  server.on("upgrade", (request, socket, head) => {
    const url = request.url ?? "/";
    const match = OF_WORLD.exec(url);
    const { before = "", world, rest } = match?.groups ?? {};
    if (match !== null && rest !== undefined) request.url = before + url.slice(match[0].length - rest.length);
    if (world === undefined || world === HOME_WORLD || !worlds.home.hub.serves(server))
      return worlds.home.hub.take(server, request, socket, head);
    upgrade(server, worlds, { request, socket, head, world, isRoom: before === "" });
  });
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly world: string;
  readonly isRoom: boolean;
}

function upgrade(server: Server, worlds: HostedWorlds, { request, socket, head, world, isRoom }: Upgrade): void {
  const onError = (): void => void socket.destroy();
  socket.on("error", onError);
  enter(worlds, request, world, isRoom).then(
    ({ world: { hub }, leave }) => {
      socket.off("error", onError);
      socket.once("close", leave);
      if (socket.destroyed) return leave();
      if (!worlds.home.hub.serves(server)) return void socket.destroy();
      hub.expect(server);
      hub.take(server, request, socket, head);
    },
    (error: unknown) => {
      if (error instanceof DoppelwerkError) refuseUpgrade(socket, error);
      else socket.destroy();
    },
  );
}

async function enter(
  worlds: HostedWorlds,
  request: IncomingMessage,
  world: string,
  isRoom: boolean,
): ReturnType<HostedWorlds["registry"]["enter"]> {
  const refusal = refusalOf(request);
  if (refusal !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", refusal);
  // who enters a room is known by its hello, and judged then
  if (!isRoom && keyOf(request) === undefined && !worlds.mayEnter(worlds.home.person(request), world)) throw noWorld(world);
  return worlds.registry.enter(world);
}
