import { z } from "zod";
import { message, type Message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";
import { guardedFetch, isAllowed } from "../directory/guarded-fetch.ts";

const DAY_MS = 86_400_000;
const VERSION = /^\d{1,6}\.\d{1,6}\.\d{1,6}$/;

const release = z.object({ version: z.string().regex(VERSION), published: z.iso.date(), security: z.boolean().optional() });
const list = z.object({ releases: z.array(release).max(1_000).readonly() });
type Release = z.infer<typeof release>;

export interface ReleasesState {
  readonly address: string;
  /** When the list was read last, microseconds. */
  readonly at?: number;
  /** The newest release above the version that runs; `isSecurity`: it, or one in between, closes a hole. */
  readonly newer?: { readonly version: string; readonly published: string; readonly isSecurity: boolean };
  readonly failure?: Message;
}

export interface ReleasesOptions {
  /** `https://…`, or `http://` on this machine. */
  readonly address: string;
  /** Milliseconds. */
  readonly now: () => number;
}

/** Whether there is a newer release, by a list at one address that an administrator gave: asked once a day, told nothing but the request. */
export class Releases {
  readonly #options: ReleasesOptions;
  #timer: NodeJS.Timeout | undefined;
  #state: ReleasesState;

  /** Errors: DW_INVALID for what is no address. */
  constructor(options: ReleasesOptions) {
    const { address } = options;
    if (!URL.canParse(address) || !isAllowed(new URL(address), new Set([new URL(address).host])))
      throw new DoppelwerkError("DW_INVALID", message("server.releasesAddress", { address: address.slice(0, 200) }));
    this.#options = options;
    this.#state = { address };
  }

  /** Asks now and every day, beside the version that runs. */
  start(version: string): void {
    void this.ask(version);
    this.#timer = setInterval(() => void this.ask(version), DAY_MS).unref();
  }

  get state(): ReleasesState {
    return this.#state;
  }

  /** Never throws: what failed is part of the state, and what was known before stays. */
  async ask(version: string): Promise<void> {
    const { failure: _, ...known } = this.#state;
    try {
      const newer = newerOf(await this.#read(), version);
      this.#state = { address: known.address, at: this.#options.now() * 1_000, ...(newer && { newer }) };
    } catch (error) {
      const failure = error instanceof DoppelwerkError ? error.reason : message("server.releasesAway", { reason: reasonOf(error) });
      this.#state = { ...known, failure };
    }
  }

  async #read(): Promise<readonly Release[]> {
    const { address } = this.#options;
    const asked = { method: "GET", headers: { accept: "application/json" } };
    const answer = await guardedFetch(new Set([new URL(address).host]))(address, asked);
    if (answer.status !== 200) throw new DoppelwerkError("DW_UNAVAILABLE", message("server.releasesStatus", { status: answer.status }));
    const read = list.safeParse(parsed(await answer.text()));
    if (!read.success) throw new DoppelwerkError("DW_INVALID", message("server.releasesUnread"));
    return read.data.releases;
  }

  close(): void {
    clearInterval(this.#timer);
  }
}

function newerOf(releases: readonly Release[], version: string): ReleasesState["newer"] {
  const above = releases.filter((each) => compare(each.version, version) > 0).toSorted((a, b) => compare(b.version, a.version));
  const [newest] = above;
  return newest && { version: newest.version, published: newest.published, isSecurity: above.some(({ security }) => security === true) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Order of two versions `major.minor.patch`; what stands behind a hyphen or a plus does not count. */
function compare(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[-+]/)[0]!.split(".").map(Number)) as [number[], number[]];
  return left[0]! - right[0]! || left[1]! - right[1]! || left[2]! - right[2]!;
}
