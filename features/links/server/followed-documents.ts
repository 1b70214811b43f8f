import { setTimeout as pause } from "node:timers/promises";
import type { Client, LiveSession } from "@doppelwerk/client";
import { clientOfWorld, octetsOfWorld, readWorldAddress } from "@doppelwerk/connectors/world";
import { DoppelwerkError, message } from "@doppelwerk/kit";
import type { FeatureContext } from "@doppelwerk/kit/server";
import { LIVE, reasonOf, type Instant } from "@doppelwerk/world";
import { verbatim, type Message } from "@doppelwerk/messages";
import type { Link, OwnGrant } from "../contract.ts";
import type { links } from "../feature.ts";
import type {} from "../message-codes.ts";
import { LINKED_KINDS, linkedOf } from "../model/linked-records.ts";
import { LinkedFiles } from "./linked-files.ts";
import type { Mirror } from "./mirror.ts";

/** A link as it is kept. */
export interface StoredLink {
  /** Of its connection. */
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Name of the secret that holds the key. */
  readonly secret: string;
  /** Id of the other world, for good. */
  readonly worldId: string;
}

/** How the documents of a link stand. */
export interface Following {
  state: Link["state"];
  reason: Message | undefined;
  lastContact: Instant | undefined;
  expires: Instant | undefined;
  /** Files that are not shown, and why. */
  files: readonly Message[];
}

type Context = Pick<FeatureContext<typeof links>, "blobs" | "clock" | "log" | "now">;

const SETTLE_MS = 300;
const RETRY_MS = { first: 500, most: 10_000 };

/** Keeps the documents of another world as they were granted. It tries for as long as the link stands, and what it has stays meanwhile. */
export class FollowedDocuments {
  readonly following: Following;
  readonly #ctx: Context;
  readonly #link: StoredLink;
  readonly #mirror: Mirror;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(ctx: Context, link: StoredLink, key: () => string, mirror: Mirror, lastContact: Instant | undefined) {
    this.#ctx = ctx;
    this.#link = link;
    this.#mirror = mirror;
    this.following = { state: "connecting", reason: undefined, lastContact, expires: undefined, files: [] };
    this.#running = this.#run(key);
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Never rejects. */
  async #run(key: () => string): Promise<void> {
    const { signal } = this.#stop;
    let wait = RETRY_MS.first;
    while (!signal.aborted) {
      try {
        const client = clientOfWorld(readWorldAddress(this.#link.url), key(), this.#ctx.clock, signal);
        const own = await client.requester.json<OwnGrant>("GET", "/links/own", { signal });
        if (own.worldId !== this.#link.worldId) throw new DoppelwerkError("DW_FORBIDDEN", message("links.otherWorld"));
        this.following.expires = own.expires;
        wait = RETRY_MS.first;
        await this.#session(client, key());
      } catch (error) {
        if (signal.aborted) return;
        this.#become(error instanceof DoppelwerkError && error.code === "DW_FORBIDDEN" ? "refused" : "broken", reasonOf(error));
      }
      await pause(wait, undefined, { signal }).catch(() => {
        // closed
      });
      wait = Math.min(wait * 2, RETRY_MS.most);
    }
  }

  /** One life of the link: ends when it breaks, or when what is granted became something else. */
  async #session(client: Client, key: string): Promise<void> {
    const { signal } = this.#stop;
    const live = client.live();
    const { promise: ended, resolve } = Promise.withResolvers<void>();
    const stop = live.on((event) => {
      if (event.kind === "state") this.#follow(live, resolve);
      else this.following.lastContact = this.#ctx.now();
      if (event.kind === "topic" && event.topic === "kernel.scope") resolve();
    });
    signal.addEventListener("abort", () => resolve(), { once: true });
    const replica = live.documents(LIVE, LINKED_KINDS);
    const files = new LinkedFiles({
      blobs: this.#ctx.blobs,
      read: (file, stopped) =>
        octetsOfWorld(readWorldAddress(this.#link.url), key, `/links/own/files/${encodeURIComponent(linkedOf(file)!.record)}`, stopped),
      onBrought: () => changed(),
    });
    let timer: NodeJS.Timeout | undefined;
    let taking: Promise<void> = Promise.resolve();
    const changed = (): void => {
      if (!replica.complete()) return;
      timer ??= setTimeout(() => {
        timer = undefined;
        taking = taking
          .then(() =>
            this.#mirror.show(
              LINKED_KINDS.flatMap((kind) => replica.query(kind)),
              files,
              signal,
            ),
          )
          .then(() => {
            this.following.files = files.findings();
          })
          .catch((error: unknown) => {
            this.#ctx.log.error({ err: error, link: this.#link.name }, "the documents of a link could not be written");
            resolve();
          });
      }, SETTLE_MS);
    };
    replica.onChange(changed);
    // an empty grant changes nothing
    void replica.reached(0).then(changed);
    await ended;
    clearTimeout(timer);
    stop();
    live.close();
    await files.close();
    await taking;
  }

  #follow(live: LiveSession, end: () => void): void {
    const state = live.state();
    if (state.kind === "online") return this.#become("online", undefined);
    if (state.kind === "connecting") return;
    if (state.kind === "refused") this.#become("refused", verbatim(state.message));
    else this.#become("broken", message("connectors.worldNotReached"));
    end();
  }

  #become(state: Link["state"], reason: Message | undefined): void {
    this.following.state = state;
    this.following.reason = reason;
    if (state === "online") this.following.lastContact = this.#ctx.now();
  }
}
