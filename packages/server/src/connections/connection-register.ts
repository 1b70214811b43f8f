import { createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writeSecretFile } from "../accounts/private-file.ts";
import { didOfKey, machineKeyOf, type MachineKey } from "../machines/machine-key.ts";
import type { Ending } from "../accounts/ending.ts";

/** `connector`: to a plant, as a record of its world describes it. `service`: what tells others of the world by itself. */
export const CONNECTION_KINDS = ["connector", "service"] as const;

/** What of a connection may change while it stays itself. */
export interface ConnectionFacts {
  readonly name: string;
  readonly protocol: string;
  /** Where it goes to, host and port; absent where that is no host. */
  readonly address?: string;
  /** How it shows who it is there. */
  readonly proof: "certificate" | "secret" | "none";
}

/** A connection that the server itself opens. Times are ISO 8601. */
export interface KnownConnection extends ConnectionFacts {
  readonly id: string;
  /** Its part of a did:web. */
  readonly uuid: string;
  readonly kind: (typeof CONNECTION_KINDS)[number];
  /** Id of the world, and as it was last called. */
  readonly world: string;
  readonly worldTitle: string;
  /** The record in its world, or the name of the service. */
  readonly of: string;
  readonly did: string;
  /** PEM (PKCS #8, P-256). */
  readonly key: string;
  /** A certificate says who it is: another one for this key is no other identity. */
  readonly certified?: true;
  readonly since: string;
  /** Id of whoever made it; absent for the server itself. */
  readonly enrolledBy?: string;
  readonly seen?: string;
  readonly ended?: { readonly at: string; readonly by?: string };
  /** Its DID document is answered to anybody. */
  readonly published?: true;
}

/** What is kept of one that is no more what it was, in the history of identities. */
export interface EndedConnection extends Pick<KnownConnection, "id" | "kind" | "name" | "proof" | "did" | "since" | "enrolledBy"> {
  readonly roles: readonly [];
  readonly place: string;
  readonly seen?: { readonly time: string; readonly address?: string };
  readonly ended: Ending & { readonly at: string };
}

export type NewConnection = Pick<KnownConnection, "kind" | "world" | "worldTitle" | "of" | "enrolledBy"> &
  ConnectionFacts & {
    /** Whom its certificate says it is. PEM. */
    readonly identity?: { readonly did: string; readonly privateKey: string } | undefined;
  };

const NAME = "connections.json";
export const connectionsPath = (data: string): string => join(data, NAME);

const VERSION = 1;
/** How far behind `seen` may be in the file. */
const SEEN_EVERY_MS = 5 * 60_000;

export interface RegisterOptions {
  readonly path: string;
  readonly now: () => number;
  /** What is no more what it was goes to the history. */
  readonly ended: (identity: EndedConnection) => void;
}

/**
 * Who the connections are that the server itself opens: a key each from their birth on, in a file that only its user reads, sealed where secrets are. Every
 * change is durable, or refused and not made.
 */
export class ConnectionRegister {
  readonly #options: RegisterOptions;
  #known: ReadonlyMap<string, KnownConnection>;
  #savedAt = 0;

  /** Errors: DW_DAMAGED, DW_FORMAT_NEWER, DW_FORBIDDEN (sealed with another key). */
  constructor(options: RegisterOptions) {
    this.#options = options;
    this.#known = new Map(readKnown(options.path).map((each) => [each.id, each]));
  }

  list(): readonly KnownConnection[] {
    return [...this.#known.values()];
  }

  byId(id: string): KnownConnection | undefined {
    return this.#known.get(id);
  }

  /** One whose DID document anybody may read. */
  published(uuid: string): KnownConnection | undefined {
    return this.list().find((each) => each.published === true && each.uuid === uuid);
  }

  of(world: string): readonly KnownConnection[] {
    return this.list().filter((each) => each.world === world);
  }

  /**
   * Known from now on, with a key of its own, or with that of its certificate; one that is known is as it is said now. Errors: DW_UNAVAILABLE.
   */
  meet({ identity, ...connection }: NewConnection): KnownConnection {
    const id = connectionId(connection.world, connection.of);
    const known = this.#known.get(id);
    const now = iso(this.#options.now());
    const certified = identity && { did: identity.did, key: identity.privateKey, certified: true as const };
    if (known === undefined) return this.#put({ ...connection, id, uuid: randomUUID(), ...(certified ?? newKey()), since: now });
    const { name, protocol, proof, worldTitle, address } = connection;
    const isOther = certified !== undefined && certified.did !== known.did;
    const met = {
      ...known,
      name,
      protocol,
      proof,
      worldTitle,
      ...(address !== undefined && { address }),
      ...(isOther && { ...certified, since: now }),
    };
    if (!isOther && FACTS.every((fact) => known[fact] === met[fact])) return known;
    const kept = this.#put(met);
    if (isOther) this.#options.ended(endedConnection(known, { at: now, why: "replaced" }));
    return kept;
  }

  /** It is closed until somebody opens it again. Errors: DW_UNAVAILABLE. */
  end(id: string, by?: string): void {
    const known = this.#known.get(id);
    if (known === undefined || known.ended !== undefined) return;
    const ended = { at: iso(this.#options.now()), ...(by !== undefined && { by }) };
    this.#put({ ...known, ended });
    this.#options.ended(endedConnection(known, { ...ended, why: "administrator" }));
  }

  /** It may be open again. Errors: DW_UNAVAILABLE. */
  reopen(id: string): void {
    const known = this.#known.get(id);
    if (known?.ended === undefined) return;
    const { ended: _ended, ...rest } = known;
    this.#put(rest);
  }

  /** It is described no more, and its key is gone. Errors: DW_UNAVAILABLE. */
  remove(id: string, by?: string): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    const rest = new Map(this.#known);
    rest.delete(id);
    this.#write(rest);
    this.#options.ended(endedConnection(known, { at: iso(this.#options.now()), why: "removed", ...(by !== undefined && { by }) }));
  }

  /**
   * The key that certificates are made for: that of its birth the first time, then a new one, since whoever asks again does not trust the one of before.
   * Undefined for a connection that is not known. Errors: DW_UNAVAILABLE.
   */
  keyToCertify(id: string): string | undefined {
    const known = this.#known.get(id);
    if (known === undefined) return undefined;
    if (known.certified === undefined) return this.#put({ ...known, certified: true }).key;
    const at = iso(this.#options.now());
    const renewed = this.#put({ ...known, ...newKey(), since: at });
    this.#options.ended(endedConnection(known, { at, why: "replaced" }));
    return renewed.key;
  }

  /** Errors: DW_UNAVAILABLE. */
  publish(id: string, published: boolean): void {
    const known = this.#known.get(id);
    if (known === undefined) return;
    const { published: _published, ...rest } = known;
    this.#put({ ...rest, ...(published && { published: true as const }) });
  }

  /** When it last brought or took something, by id; in memory, and in the file some minutes later. Errors: DW_UNAVAILABLE. */
  saw(times: Iterable<readonly [string, number]>): void {
    const next = new Map(this.#known);
    for (const [id, atMs] of times) {
      const known = next.get(id);
      if (known !== undefined) next.set(id, { ...known, seen: iso(atMs) });
    }
    if (this.#options.now() - this.#savedAt >= SEEN_EVERY_MS) this.#write(next);
    else this.#known = next;
  }

  #put(connection: KnownConnection): KnownConnection {
    this.#write(new Map(this.#known).set(connection.id, connection));
    return connection;
  }

  #write(known: ReadonlyMap<string, KnownConnection>): void {
    writeSecretFile(this.#options.path, NAME, JSON.stringify({ version: VERSION, connections: [...known.values()] }, undefined, 1));
    this.#known = known;
    this.#savedAt = this.#options.now();
  }
}

const FACTS = ["name", "protocol", "proof", "worldTitle", "address"] as const;

export function connectionId(world: string, of: string): string {
  return `connection:${world}/${of}`;
}

/** The public half of its key. */
export function keyOfConnection({ key }: Pick<KnownConnection, "key">): MachineKey {
  return machineKeyOf(createPublicKey(key).export({ format: "jwk" }));
}

function endedConnection(
  { id, kind, name, since, enrolledBy, proof, did, worldTitle, seen, address }: KnownConnection,
  ended: EndedConnection["ended"],
): EndedConnection {
  return {
    id,
    kind,
    name,
    roles: [],
    since,
    ...(enrolledBy !== undefined && { enrolledBy }),
    proof,
    did,
    place: worldTitle,
    ...(seen !== undefined && { seen: { time: seen, ...(address !== undefined && { address }) } }),
    ended,
  };
}

/** P-256: TLS and OPC UA libraries read it, and its DID is a did:key. */
function newKey(): Pick<KnownConnection, "did" | "key"> {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    did: didOfKey(machineKeyOf(publicKey.export({ format: "jwk" }))),
    key: privateKey.export({ format: "pem", type: "pkcs8" }) as string,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();

function readKnown(path: string): readonly KnownConnection[] {
  if (!existsSync(path)) return [];
  let stored: { readonly version?: unknown; readonly connections?: unknown };
  try {
    stored = Object(JSON.parse(readSecretFile(path, NAME))) as typeof stored;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("identities.connectionsNotRead", { path }));
  }
  if (typeof stored.version === "number" && stored.version > VERSION)
    throw new DoppelwerkError("DW_FORMAT_NEWER", message("identities.connectionsNewer", { path }));
  // which of them were ended is not guessed
  if (stored.version !== VERSION || !Array.isArray(stored.connections))
    throw new DoppelwerkError("DW_DAMAGED", message("identities.connectionsNotRead", { path }));
  return stored.connections as readonly KnownConnection[];
}
