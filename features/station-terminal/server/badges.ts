import { createHmac, randomBytes } from "node:crypto";
import { documentChange, DoppelwerkError, message, readDocument } from "@doppelwerk/kit";
import type { FeatureStore, PlantView } from "@doppelwerk/kit/server";
import { LIVE, type RecordId } from "@doppelwerk/world";
import type { Badge } from "../contract.ts";
import type {} from "../message-codes.ts";
import { workBadge, type StoredBadge } from "../model/badge-kind.ts";

const KEY = "badge-key";

export interface BadgesOptions {
  readonly store: FeatureStore;
  /** The plant for the feature's own work: a terminal reads no badges, and still knows whose one is. */
  readonly own: PlantView;
  newId(kind: string): RecordId;
}

interface KnownBadge extends StoredBadge {
  readonly id: RecordId;
}

/** Whose badge a number is. Numbers are never stored: only their hash with a key that no document has. */
export class Badges {
  readonly #options: BadgesOptions;
  #key: Buffer | undefined;

  constructor(options: BadgesOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    const stored = this.#options.store.get(KEY);
    if (typeof stored === "string") {
      this.#key = Buffer.from(stored, "base64");
      return;
    }
    this.#key = randomBytes(32);
    await this.#options.store.set(KEY, this.#key.toString("base64"));
  }

  list(view: PlantView): Badge[] {
    return this.#held(view).map(shown);
  }

  /** The person of a badge that may be used. */
  find(number: string): KnownBadge | undefined {
    const hash = this.#hash(number);
    return this.#held(this.#options.own).find((badge) => badge.hash === hash && !badge.isWithdrawn);
  }

  /** The name that the badge of a person has. */
  nameOf(person: string): string | undefined {
    return this.#held(this.#options.own).findLast((badge) => badge.person === person)?.name;
  }

  /** Errors: DW_CONFLICT where somebody else has the number. */
  async store(view: PlantView, given: { readonly number: string; readonly name: string; readonly person?: string | undefined }) {
    const hash = this.#hash(given.number);
    const before = this.#held(view).find((badge) => badge.hash === hash);
    if (before !== undefined && !before.isWithdrawn && before.person !== given.person)
      throw new DoppelwerkError("DW_CONFLICT", message("stationTerminal.badgeTaken", { name: before.name }));
    const id = before?.id ?? this.#options.newId("workBadge");
    const fields: StoredBadge = {
      hash,
      tail: given.number.trim().slice(-2),
      person: given.person ?? this.#options.newId("worker"),
      name: given.name,
      isWithdrawn: false,
    };
    const change = documentChange(workBadge, id, view.documents.reader(LIVE).get(id), fields);
    if (change)
      await view.documents.apply({ branch: LIVE, reason: message("stationTerminal.log.badge", { tail: fields.tail }), changes: [change] });
    return shown({ ...fields, id });
  }

  /** Errors: DW_NOT_FOUND. */
  async withdraw(view: PlantView, id: RecordId): Promise<void> {
    const badge = this.#held(view).find((each) => each.id === id);
    if (badge === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noBadge"));
    const { id: _, ...fields } = badge;
    const change = documentChange(workBadge, id, view.documents.reader(LIVE).get(id), { ...fields, isWithdrawn: true });
    if (change)
      await view.documents.apply({
        branch: LIVE,
        reason: message("stationTerminal.log.badgeGone", { tail: badge.tail }),
        changes: [change],
      });
  }

  #held(view: PlantView): readonly KnownBadge[] {
    return view.documents
      .reader(LIVE)
      .query({ kind: workBadge.record })
      .flatMap((record) => {
        const badge = readDocument(workBadge, record);
        return badge === undefined ? [] : [{ ...badge, id: record.id }];
      });
  }

  #hash(number: string): string {
    return createHmac("sha256", this.#key!).update(number.trim()).digest("hex");
  }
}

const shown = ({ hash: _hash, ...badge }: KnownBadge): Badge => badge;
