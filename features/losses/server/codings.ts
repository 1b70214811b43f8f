import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Change, Instant, RecordId, WorldRecord } from "@doppelwerk/world";
import type { CodingVersion } from "../contract.ts";
import type {} from "../message-codes.ts";
import { CodingFields, stopCoding, type CodedPart, type StoredCoding } from "../model/coding-kind.ts";
import { heldReasons } from "./reasons.ts";

export interface KnownCoding extends StoredCoding {
  readonly id: RecordId;
}

export interface CodingRequest {
  readonly station: string;
  readonly shell: string | undefined;
  readonly from: Instant;
  readonly to: Instant;
  readonly parts: readonly CodedPart[];
  readonly seen: readonly { readonly id: RecordId; readonly at: Instant }[];
}

interface Written {
  readonly id?: RecordId;
  readonly at: Instant;
}

const MAX_ATTEMPTS = 20;
const PAUSE_MS = 3;

export interface CodingsOptions {
  now(): Instant;
  nameOf(actor: string): string;
}

/** What people say of stops, as documents of branches: one a stop, never deleted, so that its versions are the whole history of it. */
export class Codings {
  readonly #options: CodingsOptions;

  constructor(options: CodingsOptions) {
    this.#options = options;
  }

  /** Those that overlap [from, to), in order of time; of one station, or of all. */
  within(view: PlantView, branch: BranchId, from: Instant, to: Instant, station?: string): readonly KnownCoding[] {
    return view.documents
      .reader(branch)
      .query({ kind: stopCoding.record })
      .flatMap((record) => {
        const stored = readDocument(stopCoding, record);
        if (stored === undefined || stored.isWithdrawn || stored.to <= from || stored.from >= to) return [];
        return station === undefined || stored.station === station ? [{ ...stored, id: record.id }] : [];
      })
      .toSorted((a, b) => a.from - b.from || (a.id < b.id ? -1 : 1));
  }

  /**
   * Says what the stop over [from, to) is, in place of all that was said of it. Errors: DW_INVALID for parts that do not follow each other, DW_NOT_FOUND for
   * a reason that is not there, DW_CONFLICT where somebody said something that the caller had not seen.
   */
  async store(view: PlantView, branch: BranchId, request: CodingRequest): Promise<Written> {
    for (let attempt = 1; ; attempt++) {
      const { changes, written } = this.#changesOf(view, branch, request);
      try {
        if (changes.length > 0)
          await view.documents.apply({ branch, reason: message("losses.log.coded", { station: request.station }), changes });
        return written;
      } catch (error) {
        // overtaken between reading and writing: what was said meanwhile is read, and told
        if (!(error instanceof DoppelwerkError) || error.code !== "DW_CONFLICT" || attempt === MAX_ATTEMPTS) throw error;
        await new Promise((resolve) => setTimeout(resolve, attempt * PAUSE_MS));
      }
    }
  }

  #changesOf(
    view: PlantView,
    branch: BranchId,
    { station, shell, from, to, parts, seen }: CodingRequest,
  ): { readonly changes: readonly Change[]; readonly written: Written } {
    const present = this.within(view, branch, from, to, station);
    this.#requireSeen(view, branch, present, seen);
    requireReasons(view, branch, parts, present);
    const reader = view.documents.reader(branch);
    // the newest of it is later than every version before, whatever the clock does
    const at = Math.max(this.#options.now(), ...present.map((each) => each.at + 1));
    const said = { station, ...(shell !== undefined && { shell }), by: view.principal.id, at };
    const kept = parts.length === 0 ? undefined : (present[0]?.id ?? codingId(station, from));
    const changes: (Change | undefined)[] = present
      .filter(({ id }) => id !== kept)
      .map(({ id, ...stored }) => documentChange(stopCoding, id, reader.get(id), { ...stored, ...said, isWithdrawn: true }));
    if (kept !== undefined) {
      const fields = CodingFields.safeParse({ station, from, to, parts });
      if (!fields.success) throw new DoppelwerkError("DW_INVALID", message("losses.fault.parts"));
      const before = reader.get(kept);
      changes.push(documentChange(stopCoding, kept, before, { ...fields.data, ...said, at: laterThan(before, at), isWithdrawn: false }));
    }
    return { changes: changes.filter((change) => change !== undefined), written: { ...(kept !== undefined && { id: kept }), at } };
  }

  /** Newest first. Errors: DW_NOT_FOUND. */
  history(view: PlantView, branch: BranchId, id: RecordId): CodingVersion[] {
    const versions = view.documents
      .reader(branch)
      .versions(id)
      .flatMap(({ record }) => {
        const stored = record?.kind === stopCoding.record ? readDocument(stopCoding, record) : undefined;
        return stored === undefined ? [] : [stored];
      });
    if (versions.length === 0) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noCoding", { id: id.slice(0, 200) }));
    return versions
      .toSorted((a, b) => b.at - a.at)
      .map(({ at, by, from, to, parts, isWithdrawn }) => ({
        at,
        by: this.#options.nameOf(by),
        from,
        to,
        parts: isWithdrawn ? [] : parts,
      }));
  }

  nameOf(actor: string): string {
    return this.#options.nameOf(actor);
  }

  #requireSeen(view: PlantView, branch: BranchId, present: readonly KnownCoding[], seen: CodingRequest["seen"]): void {
    const unseen = present.find(({ id, at }) => !seen.some((each) => each.id === id && each.at === at));
    if (unseen !== undefined) {
      const { by, parts } = unseen;
      const titles = new Map(heldReasons(view, branch).map(({ code, fields }) => [code, fields.title]));
      const reason = parts.map((part) => (part.reason === undefined ? undefined : titles.get(part.reason))).find((title) => title);
      const name = this.#options.nameOf(by);
      throw new DoppelwerkError(
        "DW_CONFLICT",
        reason === undefined
          ? message("losses.changedMeanwhile", { name })
          : message("losses.codedMeanwhile", { name, reason, count: parts.length }),
      );
    }
    const missing = seen.find(({ id }) => !present.some((each) => each.id === id));
    if (missing === undefined) return;
    const record = view.documents.reader(branch).get(missing.id);
    const by = record === undefined ? "" : (readDocument(stopCoding, record)?.by ?? "");
    throw new DoppelwerkError("DW_CONFLICT", message("losses.changedMeanwhile", { name: by === "" ? "–" : this.#options.nameOf(by) }));
  }
}

function codingId(station: string, from: Instant): RecordId {
  return hashedId("stopCoding", station, String(from));
}

function laterThan(before: WorldRecord | undefined, at: Instant): Instant {
  const stored = before && readDocument(stopCoding, before);
  return stored === undefined ? at : Math.max(at, stored.at + 1);
}

/** One that is retired may stay where it was, and is given to no other. */
function requireReasons(view: PlantView, branch: BranchId, parts: readonly CodedPart[], present: readonly KnownCoding[]): void {
  const held = new Map(heldReasons(view, branch).map((reason) => [reason.code, reason]));
  const before = new Set(present.flatMap((each) => each.parts.flatMap(({ reason }) => reason ?? [])));
  for (const { reason } of parts) {
    if (reason === undefined) continue;
    const found = held.get(reason);
    const isOffered = found !== undefined && found.group !== undefined && !found.fields.isRetired;
    if (!isOffered && !before.has(reason)) throw new DoppelwerkError("DW_NOT_FOUND", message("losses.noReason", { code: reason }));
  }
}
