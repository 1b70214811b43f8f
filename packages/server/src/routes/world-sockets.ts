import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { HOME_WORLD } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import type { People } from "../accounts/people.ts";
import { refusalOf, type OwnAddress } from "../http/guard.ts";
import { refuseUpgrade } from "../rooms/hub.ts";
import { Refusals } from "../transparency/refusals.ts";
import { keyOf } from "../http/guests.ts";
import { noWorld } from "../worlds/world-names.ts";
import type { HostedWorlds } from "./hosted-worlds.ts";

/** `/worlds/{world}/ws`, and WebSockets of the own API below `/worlds/{world}/`. */
const OF_WORLD = /^(?<before>\/api\/doppelwerk\/v1)?\/worlds\/(?<world>[^/?#]+)(?<rest>\/[^?#]+)/;

/** Serves the WebSockets of an HTTP server, each by the room of its world, which is opened where it is closed. */
export function attachWorlds(server: Server, worlds: HostedWorlds, people?: People, address?: OwnAddress): void {
  worlds.home.hub.expect(server);
  logRefusals(worlds);
  server.on("upgrade", (request, socket, head) => {
    const take = (): void => takeUp(server, worlds, { request, socket, head, address, people });
    const admitted = people?.admit(request, request.socket.remoteAddress ?? "");
    if (admitted === undefined) return take();
    const onError = (): void => void socket.destroy();
    socket.on("error", onError);
    admitted.then(
      () => {
        socket.off("error", onError);
        take();
      },
      (error: unknown) => refuse(socket, error),
    );
  });
}

/** As refused requests are, whatever the WebSocket is of; its person is not known where it is refused at the door. */
function logRefusals({ home, whenOpen }: HostedWorlds): void {
  const { transparency, logger } = home;
  if (transparency === undefined) return;
  const refusals = new Refusals(transparency, (error) => logger.error({ err: error }, "the transparency log misses a refusal"));
  whenOpen(({ hub, id }) => {
    hub.onForbidden = () => refusals.add({ operation: "WebSocket", status: 403, world: id, person: undefined });
  });
}

type Arriving = Pick<Upgrade, "request" | "socket" | "head" | "address"> & { readonly people: People | undefined };

function takeUp(server: Server, worlds: HostedWorlds, { request, socket, head, address, people }: Arriving): void {
  if (people !== undefined && !isKnown(people, request, socket)) return;
  const url = request.url ?? "/";
  const match = OF_WORLD.exec(url);
  const { before = "", world, rest } = match?.groups ?? {};
  if (match !== null && rest !== undefined) request.url = before + url.slice(match[0].length - rest.length);
  if (world === undefined || world === HOME_WORLD || !worlds.home.hub.serves(server))
    return worlds.home.hub.take(server, request, socket, head);
  upgrade(server, worlds, { request, socket, head, world, address, isRoom: before === "" });
}

/** What a session opened ends with it. The hello of a room may have a key instead, and is judged by the world that gave it out. */
function isKnown(people: People, request: IncomingMessage, socket: Duplex): boolean {
  const isRoom = /^(?:\/worlds\/[^/?#]+)?\/ws(?:\?|$)/.test(request.url ?? "/");
  if (!people.isRequired || keyOf(request) !== undefined) return true;
  try {
    socket.once(
      "close",
      people.whileKnown(request, () => socket.destroy()),
    );
    return true;
  } catch (error) {
    if (isRoom) return true;
    refuse(socket, error);
    return false;
  }
}

function refuse(socket: Duplex, error: unknown): void {
  if (error instanceof DoppelwerkError) refuseUpgrade(socket, error);
  else socket.destroy();
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly world: string;
  readonly isRoom: boolean;
  readonly address: OwnAddress | undefined;
}

function upgrade(server: Server, worlds: HostedWorlds, { request, socket, head, world, address, isRoom }: Upgrade): void {
  const onError = (): void => void socket.destroy();
  socket.on("error", onError);
  enter(worlds, { request, world, address, isRoom }).then(
    ({ world: { hub }, leave }) => {
      socket.off("error", onError);
      socket.once("close", leave);
      if (socket.destroyed) return leave();
      if (!worlds.home.hub.serves(server)) return void socket.destroy();
      hub.expect(server);
      hub.take(server, request, socket, head);
    },
    (error: unknown) => refuse(socket, error),
  );
}

async function enter(
  worlds: HostedWorlds,
  { request, world, address, isRoom }: Pick<Upgrade, "request" | "world" | "address" | "isRoom">,
): ReturnType<HostedWorlds["registry"]["enter"]> {
  const refusal = refusalOf(request, false, address);
  if (refusal !== undefined) throw new DoppelwerkError("DW_FORBIDDEN", refusal);
  // who enters a room is known by its hello, and judged then
  if (!isRoom && keyOf(request) === undefined && !worlds.mayEnter(worlds.home.person(request), world)) throw noWorld(world);
  return worlds.registry.enter(world);
}
