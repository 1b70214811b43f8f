import { connections } from "@doppelwerk/ports";
import { changedKind, LIVE, type ConnectionRecord, type WorldView } from "@doppelwerk/world";
import type { Logger } from "pino";
import type { FeatureHost } from "../features/feature-host.ts";
import { connectionId, type ConnectionFacts, type ConnectionRegister } from "../connections/connection-register.ts";

export interface FollowedWorld {
  readonly id: string;
  title(): string;
  /** As the server itself sees it. */
  readonly view: WorldView;
  readonly features: Pick<FeatureHost, "find">;
  readonly logger: Logger;
}

const SEEN_EVERY_MS = 60_000;

/** Every connection that a world describes has an identity from its birth on, and who ended it is known. Returns how to stop. */
export function followConnections(world: FollowedWorld, register: ConnectionRegister): () => void {
  const safely = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      world.logger.error({ err: error }, "who the connections of a world are could not be kept");
    }
  };
  const saw = (): void => register.saw(heardIn(world));
  safely(() => meetAll(world, register, undefined));
  const unfollow = world.view.onCommit(({ entry }) => {
    if (entry.branch !== LIVE || !entry.changes.some((change) => changedKind(change) === "connection")) return;
    safely(() => {
      saw();
      meetAll(world, register, entry.actor);
    });
  });
  const timer = setInterval(() => safely(saw), SEEN_EVERY_MS).unref();
  return () => {
    clearInterval(timer);
    unfollow();
    safely(saw);
  };
}

function* heardIn({ id, features }: FollowedWorld): Iterable<readonly [string, number]> {
  for (const [connection, at] of features.find(connections)?.heard() ?? []) yield [connectionId(id, connection), at / 1_000];
}

/** `actor`: who changed it now; undefined when the world opens, for what changed before. */
function meetAll(world: FollowedWorld, register: ConnectionRegister, actor: string | undefined): void {
  const records = world.view.reader(LIVE).query({ kind: "connection" }) as readonly ConnectionRecord[];
  for (const record of records) {
    const id = connectionId(world.id, record.id);
    const isNew = register.byId(id) === undefined;
    register.meet({
      kind: "connector",
      world: world.id,
      worldTitle: world.title(),
      of: record.id,
      ...factsOf(record),
      identity: world.features.find(connections)?.identityOf(record.id),
      ...(isNew && actor !== undefined && { enrolledBy: actor }),
    });
    if (record.enabled) register.reopen(id);
    // one that was never open did not end
    else if (!isNew) register.end(id, actor);
  }
  const described = new Set(records.map((record) => connectionId(world.id, record.id)));
  for (const { id, kind } of register.of(world.id)) if (kind === "connector" && !described.has(id)) register.remove(id, actor);
}

function factsOf({ name, protocol, url, secret }: ConnectionRecord): ConnectionFacts {
  const address = addressOf(url);
  return { name, protocol, proof: secret === undefined ? "none" : "secret", ...(address !== undefined && { address }) };
}

/** Host and port of an address; nothing of what may stand beside them. */
export function addressOf(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).host : "";
  return host === "" ? undefined : host;
}
