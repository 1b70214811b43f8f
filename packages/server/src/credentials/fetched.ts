import { existsSync, readFileSync } from "node:fs";
import { writePrivateFile } from "../accounts/private-file.ts";
import { guardedFetch } from "../directory/guarded-fetch.ts";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError, reasonOf } from "@doppelwerk/world";

/** Gets a text of an address of one of these hosts. Errors: any. */
export type FetchText = (url: string, hosts: ReadonlySet<string>) => Promise<string>;

export interface FetchedOptions {
  readonly path: string;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  /** Default: by `fetch`, over TLS, of these hosts and no other, without following, within bounds of time and size. */
  readonly fetchText?: FetchText;
}

export interface Wanted {
  readonly url: string;
  readonly hosts: ReadonlySet<string>;
  /** One that is younger is not asked for again. */
  readonly freshMs: number;
  /** One that is older is not taken where nobody answers. */
  readonly maxAgeMs: number;
}

interface Kept {
  readonly text: string;
  readonly atMs: number;
}

const VERSION = 1;
const MAX_KEPT = 200;
/** A host that did not answer is asked again after so long. */
const RETRY_MS = 10_000;

/** What hosts of trusted issuers answered, kept so that a plant goes on while they cannot be reached. */
export class Fetched {
  readonly #options: FetchedOptions;
  readonly #fetchText: FetchText;
  readonly #kept: Map<string, Kept>;
  readonly #failed = new Map<string, { readonly atMs: number; readonly error: unknown }>();
  readonly #running = new Map<string, Promise<Kept>>();

  constructor(options: FetchedOptions) {
    this.#options = options;
    this.#fetchText = options.fetchText ?? fetchOverTls;
    this.#kept = read(options.path);
  }

  /** Errors: DW_UNAVAILABLE where nobody answers and nothing that is young enough is kept. */
  async text(wanted: Wanted): Promise<Kept> {
    const { url, freshMs, maxAgeMs } = wanted;
    const nowMs = this.#options.now();
    const kept = this.#kept.get(url);
    const ageMs = kept === undefined ? Infinity : nowMs - kept.atMs;
    // of a clock that was set back
    if (ageMs >= 0 && ageMs < freshMs) return kept!;
    try {
      const failed = this.#failed.get(url);
      if (failed !== undefined && nowMs - failed.atMs < RETRY_MS) throw failed.error;
      return await this.#asked(wanted);
    } catch (error) {
      if (kept !== undefined && Math.abs(ageMs) < maxAgeMs) return kept;
      throw new DoppelwerkError("DW_UNAVAILABLE", message("credentials.notFetched", { url, reason: reasonOf(error) }));
    }
  }

  #asked({ url, hosts }: Wanted): Promise<Kept> {
    const running = this.#running.get(url) ?? this.#ask(url, hosts).finally(() => this.#running.delete(url));
    this.#running.set(url, running);
    return running;
  }

  async #ask(url: string, hosts: ReadonlySet<string>): Promise<Kept> {
    try {
      const kept = { text: await this.#fetchText(url, hosts), atMs: this.#options.now() };
      this.#failed.delete(url);
      this.#kept.delete(url);
      if (this.#kept.size >= MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
      this.#kept.set(url, kept);
      this.#save();
      return kept;
    } catch (error) {
      this.#failed.set(url, { atMs: this.#options.now(), error });
      throw error;
    }
  }

  #save(): void {
    try {
      writePrivateFile(this.#options.path, JSON.stringify({ version: VERSION, kept: [...this.#kept] }));
    } catch (error) {
      // it is asked for again after the next start
      this.#options.onFault(error);
    }
  }
}

/** Errors: DW_FORBIDDEN for another host, DW_UNAVAILABLE for any answer but 200, also where it says to ask somewhere else. */
export async function fetchOverTls(url: string, hosts: ReadonlySet<string>): Promise<string> {
  const answer = await guardedFetch(hosts)(url, {
    method: "GET",
    headers: { accept: "application/vc+jwt, application/did+json, application/json" },
  });
  if (answer.status !== 200) throw new DoppelwerkError("DW_UNAVAILABLE", message("credentials.status", { status: answer.status }));
  return answer.text();
}

/** A cache: what cannot be read is asked for again. */
function read(path: string): Map<string, Kept> {
  if (!existsSync(path)) return new Map();
  try {
    const { version, kept } = JSON.parse(readFileSync(path, "utf8")) as { version: number; kept: [string, Kept][] };
    return new Map(version === VERSION ? kept : []);
  } catch {
    return new Map();
  }
}
