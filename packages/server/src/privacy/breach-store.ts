import { createHash, randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { message } from "@doppelwerk/messages";
import { DoppelwerkError } from "@doppelwerk/world";
import { readSecretFile, writePrivateFile, writeSecretFile } from "../accounts/private-file.ts";

/** A breach of personal data (GDPR Art. 33, PIPL Art. 57), from when it became known until it is closed. Times are ISO 8601. */
export interface Breach {
  readonly id: string;
  readonly opened: string;
  /** Id of who opened it. */
  readonly openedBy: string;
  /** When it became known: the time limit counts from then. */
  readonly known: string;
  /** When the authority is to be told at the latest. */
  readonly deadline: string;
  readonly what: string;
  /** Lines of the data inventory. */
  readonly categories: readonly string[];
  /** How many people, as far as that is known. */
  readonly people: number;
  readonly measures: string;
  /** When the authority was told. */
  readonly reported?: string;
  readonly evidence: readonly BreachEvidence[];
  readonly closed?: { readonly at: string; readonly by: string; readonly reason: string };
}

/** Entries of the transparency log with their proofs, in a file beside the case. */
export interface BreachEvidence {
  readonly file: string;
  readonly from: number;
  readonly to: number;
  readonly sha256: string;
  readonly at: string;
}

export type BreachFields = Pick<Breach, "what" | "categories" | "people" | "measures">;

/** GDPR Art. 33 (1). */
export const LIMIT_HOURS = 72;
const HOUR_MS = 3_600_000;
const VERSION = 1;
const NAME = "privacy/breaches.json";

interface Kept {
  readonly limitHours: number;
  readonly breaches: readonly Breach[];
}

/** The cases of a server, in a file that only its user reads. What is closed changes no more. */
export class BreachStore {
  readonly #folder: string;
  readonly #now: () => number;
  #kept: Kept;

  /** Errors: DW_DAMAGED. */
  constructor(data: string, now: () => number) {
    this.#folder = data;
    this.#now = now;
    this.#kept = read(join(data, NAME));
  }

  get limitHours(): number {
    return this.#kept.limitHours;
  }

  /** The newest first. */
  list(): readonly Breach[] {
    return this.#kept.breaches.toReversed();
  }

  /** Errors: DW_NOT_FOUND. */
  get(id: string): Breach {
    const found = this.#kept.breaches.find((each) => each.id === id);
    if (found === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("privacy.noBreach", { id: id.slice(0, 100) }));
    return found;
  }

  /** Of cases that are opened from now on. Errors: DW_UNAVAILABLE. */
  limit(hours: number): void {
    this.#store({ ...this.#kept, limitHours: hours });
  }

  /** Errors: DW_INVALID for one that becomes known in the future, DW_UNAVAILABLE. */
  open(by: string, known: string, fields: BreachFields): Breach {
    const knownMs = Date.parse(known);
    if (knownMs > this.#now()) throw new DoppelwerkError("DW_INVALID", message("privacy.breachInFuture"));
    const breach: Breach = {
      id: `breach:${randomUUID()}`,
      opened: this.#time(),
      openedBy: by,
      known: new Date(knownMs).toISOString(),
      deadline: new Date(knownMs + this.limitHours * HOUR_MS).toISOString(),
      ...fields,
      evidence: [],
    };
    this.#store({ ...this.#kept, breaches: [...this.#kept.breaches, breach] });
    return breach;
  }

  /** `reported`: the authority was told now. Errors: DW_NOT_FOUND, DW_CONFLICT (closed), DW_UNAVAILABLE. */
  change(id: string, fields: Partial<BreachFields>, reported: boolean): Breach {
    const before = this.#openCase(id);
    return this.#replace({ ...before, ...fields, ...(reported && before.reported === undefined && { reported: this.#time() }) });
  }

  /** Errors: as those of `change`. */
  attach(id: string, { from, to, text }: { readonly from: number; readonly to: number; readonly text: string }): Breach {
    const before = this.#openCase(id);
    const file = `${id.slice("breach:".length)}-${before.evidence.length + 1}.json`;
    mkdirSync(join(this.#folder, "privacy"), { recursive: true, mode: 0o700 });
    writePrivateFile(join(this.#folder, "privacy", file), text);
    const sha256 = createHash("sha256").update(text).digest("hex");
    return this.#replace({ ...before, evidence: [...before.evidence, { file, from, to, sha256, at: this.#time() }] });
  }

  /** Errors: DW_NOT_FOUND. */
  evidence(id: string, file: string): Buffer {
    const known = this.get(id).evidence.find((each) => each.file === file);
    if (known === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("privacy.noBreach", { id: file.slice(0, 100) }));
    return readFileSync(join(this.#folder, "privacy", known.file));
  }

  /** Errors: as those of `change`. */
  close(id: string, by: string, reason: string): Breach {
    return this.#replace({ ...this.#openCase(id), closed: { at: this.#time(), by, reason } });
  }

  #openCase(id: string): Breach {
    const breach = this.get(id);
    if (breach.closed !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("privacy.breachClosed"));
    return breach;
  }

  #replace(breach: Breach): Breach {
    this.#store({ ...this.#kept, breaches: this.#kept.breaches.map((each) => (each.id === breach.id ? breach : each)) });
    return breach;
  }

  #time(): string {
    return new Date(this.#now()).toISOString();
  }

  #store(kept: Kept): void {
    mkdirSync(join(this.#folder, "privacy"), { recursive: true, mode: 0o700 });
    writeSecretFile(join(this.#folder, NAME), NAME, JSON.stringify({ version: VERSION, ...kept }));
    this.#kept = kept;
  }
}

function read(path: string): Kept {
  if (!existsSync(path)) return { limitHours: LIMIT_HOURS, breaches: [] };
  try {
    const { version, ...kept } = JSON.parse(readSecretFile(path, NAME)) as { readonly version: number } & Kept;
    if (version > VERSION) throw new Error(`version ${version}`);
    return kept;
  } catch (error) {
    if (error instanceof DoppelwerkError) throw error;
    throw new DoppelwerkError("DW_DAMAGED", message("privacy.fileUnreadable", { path, reason: (error as Error).message }));
  }
}
