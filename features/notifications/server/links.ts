import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { HOUR, z } from "@doppelwerk/kit";
import type { Instant } from "@doppelwerk/world";
import { occurrenceKey, type Occurrence } from "../model/occurrence.ts";
import type { DurableMap } from "./durable-map.ts";
import { PrivateJson } from "./private-json.ts";

/** What a link may do: acknowledge one occurrence as one person, once, for a day. */
export interface LinkRecord {
  readonly person: string;
  readonly occurrence: Occurrence;
  readonly expires: Instant;
  /** When it was used. */
  readonly used?: Instant;
}

const LASTS = 24 * HOUR;
const TOKEN = /^([\w-]{22})\.([\w-]{22})$/;
const key = z.object({ version: z.literal(1), key: z.string() });

/** Links of messages. The file of what they may do holds none of them: each needs the key too. */
export class Links {
  readonly #kept: DurableMap;
  readonly #key: Buffer;
  readonly #now: () => Instant;

  /** Errors: DW_DAMAGED, DW_FORBIDDEN, DW_UNAVAILABLE. */
  constructor(folder: string, kept: DurableMap, now: () => Instant) {
    this.#kept = kept;
    this.#now = now;
    const file = new PrivateJson(folder, "link-key.json", key);
    let known = file.read();
    if (known === undefined) file.write((known = { version: 1, key: randomBytes(32).toString("base64") }));
    this.#key = Buffer.from(known.key, "base64");
  }

  /** The same for a message that is sent again. */
  tokenFor(person: string, occurrence: Occurrence): string {
    const id = createHash("sha256")
      .update(`${person}\n${occurrenceKey(occurrence)}`)
      .digest("base64url")
      .slice(0, 22);
    if (this.#kept.values.get(`link ${id}`) === undefined)
      this.#kept.set(`link ${id}`, { person, occurrence, expires: this.#now() + LASTS } satisfies LinkRecord);
    return `${id}.${this.#mac(id)}`;
  }

  /** Undefined for what is no link of this world, and for one that expired. */
  find(token: string): (LinkRecord & { readonly id: string }) | undefined {
    const [, id, mac] = TOKEN.exec(token) ?? [];
    if (id === undefined || mac === undefined || !timingSafeEqual(Buffer.from(mac), Buffer.from(this.#mac(id)))) return undefined;
    const found = this.#kept.values.get(`link ${id}`) as LinkRecord | undefined;
    return found === undefined || found.expires <= this.#now() ? undefined : { ...found, id };
  }

  /** On disk once it returns: it acknowledges nothing a second time. Errors: DW_UNAVAILABLE. */
  use({ id, ...record }: LinkRecord & { readonly id: string }): void {
    this.#kept.set(`link ${id}`, { ...record, used: this.#now() });
    this.#kept.flush();
  }

  /** It did not acknowledge. */
  release({ id, used: _used, ...record }: LinkRecord & { readonly id: string }): void {
    this.#kept.set(`link ${id}`, record);
  }

  /** Forgets those that expired, and those of people who are gone. */
  prune(isGone: (person: string) => boolean): void {
    for (const [name, value] of this.#kept.values) {
      if (!name.startsWith("link ")) continue;
      const { expires, person } = value as LinkRecord;
      if (expires <= this.#now() || isGone(person)) this.#kept.delete(name);
    }
  }

  #mac(id: string): string {
    return createHmac("sha256", this.#key).update(id).digest("base64url").slice(0, 22);
  }
}
