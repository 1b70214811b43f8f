import { documentChange, DoppelwerkError, message, readDocument } from "@doppelwerk/kit";
import type { PersonalTexts, PlantView } from "@doppelwerk/kit/server";
import type { BranchId, Instant, RecordId } from "@doppelwerk/world";
import type { Hold } from "../contract.ts";
import type {} from "../message-codes.ts";
import { holdKind, type HoldFields, type StoredHold } from "../model/hold-kind.ts";
import { canonicalIdentifier, shortName } from "../model/identifier.ts";
import type { z } from "@doppelwerk/kit";

export interface HoldsOptions {
  now(): Instant;
  newId(): RecordId;
  nameOf(actor: string): string;
  readonly texts: PersonalTexts;
}

/** Holds as documents of branches. */
export class Holds {
  readonly #options: HoldsOptions;

  constructor(options: HoldsOptions) {
    this.#options = options;
  }

  /** Newest first. */
  list(view: PlantView, branch: BranchId): readonly Hold[] {
    return this.#stored(view, branch)
      .map(([id, hold]) => this.#shown(id, hold))
      .toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  }

  /** Those not released that hold one of the things. */
  reaching(view: PlantView, branch: BranchId, things: ReadonlySet<string>): readonly Hold[] {
    return this.list(view, branch).filter(({ thing, released }) => released === undefined && things.has(thing));
  }

  async add(view: PlantView, branch: BranchId, { thing, reason }: z.output<typeof HoldFields>): Promise<{ readonly id: RecordId }> {
    const [id, by] = [this.#options.newId(), view.principal.id];
    const fields: StoredHold = {
      thing: canonicalIdentifier(thing),
      reason: this.#options.texts.seal(by, reason),
      by,
      at: this.#options.now(),
    };
    const change = documentChange(holdKind, id, undefined, fields);
    await view.documents.apply({
      branch,
      reason: message("tracking.log.held", { thing: shortName(fields.thing) }),
      changes: change === undefined ? [] : [change],
    });
    return { id };
  }

  /** Errors: DW_NOT_FOUND, DW_CONFLICT where somebody released it before. */
  async release(view: PlantView, branch: BranchId, id: RecordId, reason: string): Promise<void> {
    const record = view.documents.reader(branch).get(id);
    const stored = record && readDocument(holdKind, record);
    if (record === undefined || stored === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("tracking.noHold", { hold: id }));
    if (stored.released !== undefined)
      throw new DoppelwerkError("DW_CONFLICT", message("tracking.released", { by: this.#options.nameOf(stored.released.by) }));
    const by = view.principal.id;
    const released = { by, at: this.#options.now(), reason: this.#options.texts.seal(by, reason) };
    const change = documentChange(holdKind, id, record, { ...stored, released });
    await view.documents.apply({
      branch,
      reason: message("tracking.log.released", { thing: shortName(stored.thing) }),
      changes: change === undefined ? [] : [change],
    });
  }

  #stored(view: PlantView, branch: BranchId): readonly (readonly [RecordId, StoredHold])[] {
    return view.documents
      .reader(branch)
      .query({ kind: holdKind.record })
      .flatMap((record) => {
        const stored = readDocument(holdKind, record);
        return stored === undefined ? [] : [[record.id, stored] as const];
      });
  }

  #shown(id: RecordId, { thing, reason, by, at, released }: StoredHold): Hold {
    const { texts, nameOf } = this.#options;
    return {
      id,
      thing,
      short: shortName(thing),
      reason: texts.open(reason) ?? "–",
      by: nameOf(by),
      at,
      ...(released && { released: { by: nameOf(released.by), at: released.at, reason: texts.open(released.reason) ?? "–" } }),
    };
  }
}
