import { clientOfWorld, readWorldAddress } from "@doppelwerk/connectors/world";
import { openSecretStore, type SecretStore } from "@doppelwerk/connectors/secrets";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { hashedId, LIVE, type ConnectionRecord, type Instant, type ShellRecord } from "@doppelwerk/world";
import type { Link, OwnGrant } from "../contract.ts";
import type { links } from "../feature.ts";
import type {} from "../message-codes.ts";
import { linkedOf } from "../model/linked-records.ts";
import { FollowedDocuments, type StoredLink } from "./followed-documents.ts";
import { Mirror } from "./mirror.ts";

type Context = FeatureContext<typeof links>;

interface OpenLink {
  readonly stored: StoredLink;
  readonly mirror: Mirror;
  readonly documents: FollowedDocuments;
}

const [STORED, LAST_CONTACT] = ["links", "lastContact"];
const CONTACT_EVERY_MS = 10_000;

/** Other worlds that this one shows: their documents by this feature, their values by a connection of their own. */
export class Links {
  readonly #ctx: Context;
  readonly #ownId: string;
  readonly #secrets: SecretStore;
  readonly #open = new Map<string, OpenLink>();
  readonly #timer: NodeJS.Timeout;

  constructor(ctx: Context, ownId: string) {
    this.#ctx = ctx;
    this.#ownId = ownId;
    this.#secrets = openSecretStore(ctx.folder("connectors"));
    for (const stored of (ctx.store.get(STORED) ?? []) as readonly StoredLink[]) this.#begin(stored);
    this.#timer = setInterval(() => void this.#keepContacts(), CONTACT_EVERY_MS).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#open.values()].map(({ documents }) => documents.close()));
    await this.#keepContacts();
  }

  /** Those whose connection the view may read. */
  list(view: PlantView): Link[] {
    const reader = view.documents.reader(LIVE);
    return [...this.#open.values()].filter(({ stored }) => reader.get(stored.id) !== undefined).map(shownLink);
  }

  /** AAS ids of what each shows, of the shells that the view may read. */
  shells(view: PlantView) {
    const shells = (view.documents.reader(LIVE).query({ kind: "shell" }) as readonly ShellRecord[]).filter(
      (record) => linkedOf(record) !== undefined,
    );
    const byLink = Map.groupBy(shells, (record) => linkedOf(record)!.link);
    return this.list(view).map(({ id, name, state, lastContact }) => ({
      id,
      name,
      state,
      ...(lastContact !== undefined && { lastContact }),
      shells: (byLink.get(id) ?? []).map(({ aasId }) => aasId),
    }));
  }

  /** Errors: DW_INVALID; DW_FORBIDDEN, DW_NOT_FOUND, DW_UNAVAILABLE as the other world answers; DW_CONFLICT for this very world, and for one that is linked. */
  async add(
    view: PlantView,
    { url, key, name }: { readonly url: string; readonly key: string; readonly name?: string | undefined },
  ): Promise<Link> {
    const address = readWorldAddress(url);
    const client = clientOfWorld(address, key, this.#ctx.clock, this.#ctx.signal);
    const granted = await client.requester.json<OwnGrant>("GET", "/links/own");
    if (granted.worldId === this.#ownId) throw new DoppelwerkError("DW_CONFLICT", message("links.toItself"));
    const known = [...this.#open.values()].find(({ stored }) => stored.worldId === granted.worldId);
    if (known !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("links.linkedAlready", { name: known.stored.name }));
    const id = hashedId("connection", "link", granted.worldId);
    const secret = `link-${id.slice(-12)}`;
    const stored: StoredLink = { id, name: name ?? granted.world, url: addressText(address), secret, worldId: granted.worldId };
    this.#secrets.put(secret, { token: key });
    await this.#connect(view, stored);
    await this.#ctx.store.set(STORED, [...this.#stored(), stored]);
    return shownLink(this.#begin(stored));
  }

  /** Errors: DW_NOT_FOUND. */
  async remove(view: PlantView, id: string): Promise<void> {
    const open = this.#open.get(id);
    if (open === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("links.noLink", { id: id.slice(0, 200) }));
    await open.documents.close();
    await open.mirror.clear();
    const record = view.documents.reader(LIVE).get(id);
    const reason = message("links.logRemoved", { name: open.stored.name });
    if (record !== undefined) await view.documents.apply({ branch: LIVE, reason, changes: [{ op: "delete", record }] });
    this.#open.delete(id);
    await this.#ctx.store.set(STORED, this.#stored());
    this.#secrets.remove(open.stored.secret);
  }

  #begin(stored: StoredLink): OpenLink {
    const mirror = new Mirror(this.#ctx.own, { link: stored.id, world: stored.worldId, own: this.#ownId, name: stored.name });
    const lastContact = ((this.#ctx.store.get(LAST_CONTACT) ?? {}) as Readonly<Record<string, Instant>>)[stored.id];
    const key = (): string => this.#secrets.read(stored.secret).token ?? "";
    const open: OpenLink = { stored, mirror, documents: new FollowedDocuments(this.#ctx, stored, key, mirror, lastContact) };
    this.#open.set(stored.id, open);
    return open;
  }

  /** The connection that brings the values; it opens once there are signals. */
  async #connect(view: PlantView, { id, name, url, secret }: StoredLink): Promise<void> {
    const record: ConnectionRecord = { id, kind: "connection", name, protocol: "world", url: `world+${url}`, enabled: true, secret };
    const known = view.documents.reader(LIVE).get(id);
    const changes =
      known === undefined
        ? [{ op: "create" as const, record }]
        : [
            { op: "delete" as const, record: known },
            { op: "create" as const, record },
          ];
    await view.documents.apply({ branch: LIVE, reason: message("links.logAdded", { name }), changes });
  }

  #stored(): readonly StoredLink[] {
    return [...this.#open.values()].map(({ stored }) => stored);
  }

  async #keepContacts(): Promise<void> {
    const lastContact = Object.fromEntries([...this.#open].map(([id, { documents }]) => [id, documents.following.lastContact]));
    if (this.#open.size === 0) return;
    await this.#ctx.store.set(LAST_CONTACT, lastContact).catch((error: unknown) => {
      this.#ctx.log.warn({ err: error }, "when links were last in contact could not be kept");
    });
  }
}

function addressText({ server, world }: ReturnType<typeof readWorldAddress>): string {
  return world === undefined ? server : `${server}/worlds/${world}`;
}

function shownLink({ stored: { id, name, url }, mirror, documents: { following } }: OpenLink): Link {
  const { state, reason, lastContact, expires } = following;
  return {
    id,
    name,
    url,
    state,
    ...(reason !== undefined && { reason }),
    ...(lastContact !== undefined && { lastContact }),
    ...(expires !== undefined && { expires }),
    shows: mirror.shows,
    findings: [...mirror.findings, ...following.files],
  };
}
