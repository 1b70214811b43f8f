import { documentChange, DoppelwerkError, message, readDocument, readersOfAll } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant, RecordId, WorldRecord } from "@doppelwerk/world";
import type { z } from "zod";
import type { SavedTrend } from "../contract.ts";
import type {} from "../message-codes.ts";
import { savedKind, type SavedFields } from "../model/saved-kind.ts";

type Stored = z.output<typeof savedKind.schema>;

/** So many are kept on a branch. */
export const MAX_SAVED = 500;

export interface SavedOptions {
  now(): Instant;
  newId(): RecordId;
  nameOf(actor: string): string;
}

/** Trends under a name, as documents of branches: anybody who may comment saves, changes and deletes them, as they belong to all. */
export class SavedTrends {
  readonly #options: SavedOptions;

  constructor(options: SavedOptions) {
    this.#options = options;
  }

  /** By title; of signals that may all be read. */
  list(view: PlantView, branch: BranchId): SavedTrend[] {
    return view.documents
      .reader(branch)
      .query({ kind: savedKind.record })
      .flatMap((record) => {
        const stored = readDocument(savedKind, record);
        return stored !== undefined && this.#isReadable(view, stored) ? [this.#shown(record.id, stored)] : [];
      })
      .toSorted((a, b) => a.title.localeCompare(b.title) || (a.id < b.id ? -1 : 1));
  }

  /** Throws DW_NOT_FOUND where a signal is not there or may not be read. */
  async save(view: PlantView, branch: BranchId, fields: SavedFields): Promise<SavedTrend> {
    if (view.documents.reader(branch).query({ kind: savedKind.record }).length >= MAX_SAVED)
      throw new DoppelwerkError("DW_INVALID", message("trends.tooManySaved", { max: MAX_SAVED }));
    return this.#store(view, branch, this.#options.newId(), undefined, fields);
  }

  /** Throws DW_NOT_FOUND, and DW_CONFLICT where somebody saved another one since. */
  async change(
    view: PlantView,
    branch: BranchId,
    id: RecordId,
    { seen, ...fields }: SavedFields & { readonly seen: number },
  ): Promise<SavedTrend> {
    const { record, stored } = this.#own(view, branch, id);
    if (stored.written !== seen)
      throw new DoppelwerkError(
        "DW_CONFLICT",
        message("trends.savedMeanwhile", { title: stored.title, author: this.#options.nameOf(stored.author) }),
      );
    return this.#store(view, branch, id, record, fields);
  }

  async remove(view: PlantView, branch: BranchId, id: RecordId): Promise<void> {
    const { record } = this.#own(view, branch, id);
    await view.documents.apply({ branch, reason: "delete a saved trend", changes: [{ op: "delete", record }] });
  }

  async #store(view: PlantView, branch: BranchId, id: RecordId, before: WorldRecord | undefined, fields: SavedFields): Promise<SavedTrend> {
    const signals = fields.signals.map((signal) => {
      const record = view.signal(signal);
      if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noSignal", { id: signal.slice(0, 200) }));
      return record as unknown as WorldRecord;
    });
    const stored: Stored = { ...fields, author: view.principal.id, written: this.#options.now() };
    const change = documentChange(savedKind, id, before, stored, readersOfAll(signals));
    // who may not read it reads the reason all the same
    if (change) await view.documents.apply({ branch, reason: "save a trend", changes: [change] });
    return this.#shown(id, stored);
  }

  #own(view: PlantView, branch: BranchId, id: RecordId): { readonly record: WorldRecord; readonly stored: Stored } {
    const record = view.documents.reader(branch).get(id);
    const stored = record?.kind === savedKind.record ? readDocument(savedKind, record) : undefined;
    if (record === undefined || stored === undefined || !this.#isReadable(view, stored))
      throw new DoppelwerkError("DW_NOT_FOUND", message("trends.noSaved", { id: id.slice(0, 200) }));
    return { record, stored };
  }

  #isReadable(view: PlantView, { signals }: Stored): boolean {
    return signals.every((signal) => view.mayReadSignal(signal));
  }

  #shown(id: RecordId, { author, ...stored }: Stored): SavedTrend {
    return { id, ...stored, author: this.#options.nameOf(author) };
  }
}
