import { createHash, randomBytes } from "node:crypto";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext, KnownGuest, PlantView } from "@doppelwerk/kit/server";
import { livePlaces } from "@doppelwerk/ports";
import { LIVE, type Instant, type Principal, type RecordId } from "@doppelwerk/world";
import type { Grant } from "../contract.ts";
import type { links } from "../feature.ts";
import type {} from "../message-codes.ts";
import type { GrantSelection } from "../model/grant-selection.ts";
import { GrantScope } from "./grant-scope.ts";

type Context = Pick<FeatureContext<typeof links>, "store" | "guests" | "own" | "find" | "ids" | "now" | "view" | "nameOf">;

/** As it is kept: of the key its checksum alone. */
interface StoredGrant extends GrantSelection {
  readonly id: string;
  readonly label: string;
  readonly created: Instant;
  readonly by: string;
  readonly expires?: Instant;
  readonly keyHash: string;
}

interface OpenGrant {
  readonly stored: StoredGrant;
  readonly scope: GrantScope;
  readonly principal: Principal;
  used: Instant | undefined;
}

const STORED = "grants";
const KEY_BYTES = 24;
/** What has expired is ended no later than so long after. */
const EXPIRY_MS = 500;

/** What other worlds may read of this one, each by a key that is shown once. */
export class Grants {
  readonly #ctx: Context;
  readonly #byHash = new Map<string, OpenGrant>();
  readonly #timer: NodeJS.Timeout;

  constructor(ctx: Context) {
    this.#ctx = ctx;
    for (const stored of (ctx.store.get(STORED) ?? []) as readonly StoredGrant[]) this.#open(stored);
    ctx.guests.admit((key) => this.#find(key), {
      list: () => [...this.#byHash.values()].map(guestOf),
      end: (id, by) => this.revoke(id, by),
    });
    this.#timer = setInterval(() => this.#endExpired(), EXPIRY_MS).unref();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const { principal } of this.#byHash.values()) this.#ctx.guests.withdraw(principal.id);
  }

  list(): Grant[] {
    return [...this.#byHash.values()].map((open) => this.#shown(open)).toSorted((a, b) => b.created - a.created);
  }

  /** Errors: DW_NOT_FOUND for what the granting person may not read. */
  async add(
    view: PlantView,
    { label, expires, ...selection }: GrantSelection & Pick<StoredGrant, "label"> & { readonly expires?: Instant | undefined },
  ) {
    requireReadable(view, selection);
    const key = `dwk_${randomBytes(KEY_BYTES).toString("base64url")}`;
    const stored: StoredGrant = {
      ...selection,
      id: this.#ctx.ids.next("grant"),
      label,
      created: this.#ctx.now(),
      by: view.principal.id,
      ...(expires !== undefined && { expires }),
      keyHash: hashOf(key),
    };
    const open = this.#open(stored);
    try {
      await this.#keep();
    } catch (error) {
      this.#end(open);
      throw error;
    }
    return { grant: this.#shown(open), key };
  }

  /** Its key reads nothing from the moment that this is called. Errors: DW_NOT_FOUND. */
  async revoke(id: string, by: string): Promise<void> {
    const open = [...this.#byHash.values()].find(({ stored }) => stored.id === id);
    if (open === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("links.noGrant", { id: id.slice(0, 200) }));
    this.#end(open);
    await this.#keep();
    this.#ctx.guests.ended(guestOf(open), by);
  }

  /** The grant of a principal who came with its key. */
  of(principal: Principal): Pick<StoredGrant, "label" | "expires"> & Pick<Grant, "covers"> {
    const open = [...this.#byHash.values()].find(({ stored }) => stored.id === principal.id);
    if (open === undefined) throw new DoppelwerkError("DW_FORBIDDEN", message("links.noKey"));
    const { label, expires } = open.stored;
    return { label, ...(expires !== undefined && { expires }), covers: this.#coveredBy(open) };
  }

  #open(stored: StoredGrant): OpenGrant {
    const { own, find } = this.#ctx;
    const scope = new GrantScope(stored, { documents: own.documents, places: () => find(livePlaces) });
    // whoever holds the key is a reader of nobody's company: records that name their readers stay theirs
    const principal: Principal = { id: stored.id, name: stored.label, verified: true, roles: ["viewer"], scope };
    const open: OpenGrant = { stored, scope, principal, used: undefined };
    this.#byHash.set(stored.keyHash, open);
    return open;
  }

  #find(key: string): Principal | undefined {
    const open = this.#byHash.get(hashOf(key));
    if (open === undefined || this.#isExpired(open)) return undefined;
    open.used = this.#ctx.now();
    return open.principal;
  }

  #isExpired({ stored: { expires } }: OpenGrant): boolean {
    return expires !== undefined && expires <= this.#ctx.now();
  }

  #endExpired(): void {
    for (const open of this.#byHash.values()) {
      if (!this.#isExpired(open) || open.used === undefined) continue;
      open.used = undefined;
      this.#ctx.guests.withdraw(open.principal.id);
    }
  }

  #end({ stored, scope, principal }: OpenGrant): void {
    this.#byHash.delete(stored.keyHash);
    scope.end();
    this.#ctx.guests.withdraw(principal.id);
  }

  #keep(): Promise<void> {
    return this.#ctx.store.set(
      STORED,
      [...this.#byHash.values()].map(({ stored }) => stored),
    );
  }

  #shown(open: OpenGrant): Grant {
    const { keyHash: _, by, ...stored } = open.stored;
    return {
      ...stored,
      by: this.#ctx.nameOf(by),
      isExpired: this.#isExpired(open),
      ...(open.used !== undefined && { used: open.used }),
      covers: this.#coveredBy(open),
    };
  }

  #coveredBy({ principal }: OpenGrant): Grant["covers"] {
    const view = this.#ctx.view(principal);
    return { shells: view.documents.reader(LIVE).query({ kind: "shell" }).length, signals: view.signals().length };
  }
}

function guestOf({ stored: { id, label, created, by, expires }, used }: OpenGrant): KnownGuest {
  return { id, name: label, since: created, by, ...(expires !== undefined && { expires }), ...(used !== undefined && { used }) };
}

function requireReadable(view: PlantView, { places, shells, signals }: GrantSelection): void {
  const reader = view.documents.reader(LIVE);
  const isKnown = (kind: string) => (id: RecordId) => reader.get(id)?.kind === kind;
  const missing = [...places, ...shells].find((id) => !isKnown("shell")(id)) ?? signals.find((id) => !isKnown("signal")(id));
  if (missing !== undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("links.noSubject", { id: missing.slice(0, 200) }));
  if (places.length + shells.length + signals.length === 0) throw new DoppelwerkError("DW_INVALID", message("links.nothingGranted"));
}

/** Of 24 random bytes: what a person may guess of a password does not count here. */
function hashOf(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
