import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { openedFromDisk, sealedForDisk } from "@doppelwerk/storage/sealing";
import { DoppelwerkError } from "@doppelwerk/world";
import { ADDRESSES_KEPT_MS, type Ending, type Proof } from "../accounts/ending.ts";
import { writePrivateFile } from "../accounts/private-file.ts";

export const IDENTITY_KINDS = ["session", "machine", "edge", "connector", "service", "assistant", "terminal", "avatar", "link"] as const;
export type IdentityKind = (typeof IDENTITY_KINDS)[number];

/** An identity that connects no more. Times are ISO 8601. */
export interface EndedIdentity {
  readonly id: string;
  readonly kind: IdentityKind;
  /** Of a machine or terminal; names of people are read from their accounts. */
  readonly name?: string;
  /** Account of the person whose session it was. */
  readonly person?: string;
  readonly roles: readonly string[];
  readonly since: string;
  readonly enrolledBy?: string;
  readonly proof: Proof;
  readonly did?: string;
  /** DID of who vouched for it. */
  readonly issuer?: string;
  /** Terminal of a session, or where a terminal stood. */
  readonly place?: string;
  readonly seen?: { readonly time: string; readonly address?: string };
  readonly agent?: string;
  readonly ended: Ending & { readonly at: string };
}

const NAME = "identities.jsonl";
export const identitiesPath = (data: string): string => join(data, NAME);

const MAX_KEPT = 20_000;
const TIDY_MS = 3_600_000;

export interface HistoryOptions {
  readonly path: string;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
}

/** What connected once and connects no more, a line each, in a file that only the user of the server reads. */
export class IdentityHistory {
  readonly #options: HistoryOptions;
  /** The oldest first. */
  #ended: EndedIdentity[];
  /** Lines in the file that are of nobody here any more. */
  #isFileOlder = false;

  /** Errors: DW_DAMAGED. */
  constructor(options: HistoryOptions) {
    this.#options = options;
    this.#ended = read(options.path);
    this.tidy();
    setInterval(() => this.tidy(), TIDY_MS).unref();
  }

  /** The newest first. */
  list(): readonly EndedIdentity[] {
    return this.#ended.toReversed();
  }

  /** Whether an administrator ended a machine with this DID. */
  wasEnded(did: string): boolean {
    return this.#ended.findLast((each) => each.did === did)?.ended.why === "administrator";
  }

  /** Sessions of a person, the newest first. */
  of(person: string): readonly EndedIdentity[] {
    return this.list().filter((each) => each.person === person);
  }

  /** A disk that refuses is told of: that something ended is worth more than its line. */
  add(ended: EndedIdentity): void {
    this.#ended.push(ended);
    try {
      if (this.#ended.length > MAX_KEPT || this.#isFileOlder) this.#rewrite(this.#ended.slice(-MAX_KEPT));
      else appendFileSync(this.#options.path, lineOf(ended), { mode: 0o600, flush: true });
    } catch (error) {
      this.#isFileOlder = true;
      this.#options.onFault(error);
    }
  }

  /** Nothing leads to the person any more. Errors: DW_UNAVAILABLE. */
  forget(person: string): void {
    if (this.#ended.some((each) => each.person === person)) this.#rewrite(this.#ended.filter((each) => each.person !== person));
  }

  /** Addresses and browsers of long ago go. */
  tidy(): void {
    const before = new Date(this.#options.now() - ADDRESSES_KEPT_MS).toISOString();
    const isOld = (each: EndedIdentity): boolean =>
      each.ended.at < before && (each.seen?.address !== undefined || each.agent !== undefined);
    if (!this.#isFileOlder && !this.#ended.some(isOld)) return;
    try {
      this.#rewrite(this.#ended.map((each) => (isOld(each) ? withoutAddress(each) : each)));
    } catch (error) {
      // tried again in an hour
      this.#options.onFault(error);
    }
  }

  #rewrite(ended: readonly EndedIdentity[]): void {
    writePrivateFile(this.#options.path, ended.map(lineOf).join(""));
    this.#ended = [...ended];
    this.#isFileOlder = false;
  }
}

export function withoutAddress({ agent: _agent, seen, ...rest }: EndedIdentity): EndedIdentity {
  return { ...rest, ...(seen !== undefined && { seen: { time: seen.time } }) };
}

/** Sealed by itself where secrets are, so that one more is one more line. */
function lineOf(ended: EndedIdentity): string {
  return `${sealedForDisk(NAME, JSON.stringify(ended)).trimEnd()}\n`;
}

/** A line that a power loss cut off is the last one, and left out. Errors: DW_DAMAGED for any other. */
function read(path: string): EndedIdentity[] {
  if (!existsSync(path)) return [];
  const lines = readFileSync(path, "utf8").split("\n");
  const cut = lines.pop();
  const ended = lines.map((line, at) => {
    try {
      return JSON.parse(openedFromDisk(NAME, line)) as EndedIdentity;
    } catch (error) {
      if (error instanceof DoppelwerkError && error.code === "DW_FORBIDDEN") throw error;
      throw new DoppelwerkError("DW_DAMAGED", message("identities.notRead", { path, line: at + 1 }));
    }
  });
  // what comes next begins a line of its own
  if (cut !== "") writePrivateFile(path, lines.map((line) => `${line}\n`).join(""));
  return ended;
}
