import { documentChange, DoppelwerkError, message, readDocument } from "@doppelwerk/kit";
import type { PlantView } from "@doppelwerk/kit/server";
import type { LineFlow } from "@doppelwerk/ports";
import { LIVE, type Instant, type RecordId } from "@doppelwerk/world";
import type { Andon } from "../contract.ts";
import type {} from "../message-codes.ts";
import { andonCall, type CallReason, type StoredCall } from "../model/andon-kinds.ts";

/** What is kept of andons; older ones that are closed stay in the change log alone. */
const MAX_KEPT = 500;
/** Open ones at a time: more are refused. */
const MAX_OPEN = 200;

export interface CallParts {
  readonly flow: LineFlow;
  now(): Instant;
  newId(): RecordId;
  nameOf(actor: string): string;
}

export interface HeldCall extends StoredCall {
  readonly id: RecordId;
}

/** Andons of live, as documents: each act is a version. */
export class AndonCalls {
  readonly #parts: CallParts;

  constructor(parts: CallParts) {
    this.#parts = parts;
  }

  /** Those that the view may read, newest first. */
  held(view: PlantView): readonly HeldCall[] {
    return view.documents
      .reader(LIVE)
      .query({ kind: andonCall.record })
      .flatMap((record) => {
        const call = readDocument(andonCall, record);
        return call === undefined ? [] : [{ ...call, id: record.id }];
      })
      .toSorted((a, b) => b.raisedAt - a.raisedAt || (a.id < b.id ? 1 : -1));
  }

  /** Throws DW_NOT_FOUND (no such station), DW_CONFLICT where too many are open. */
  async call(
    view: PlantView,
    by: string,
    request: { readonly station: string; readonly reason: CallReason; readonly text?: string | undefined },
    at: Instant = this.#parts.now(),
  ) {
    const { lines } = await this.#parts.flow.lines();
    const station = lines.flatMap(({ stations }) => stations).find(({ id }) => id === request.station);
    if (station === undefined)
      throw new DoppelwerkError("DW_NOT_FOUND", message("andon.noStation", { station: request.station.slice(0, 200) }));
    const open = this.held(view).filter(({ closedAt }) => closedAt === undefined);
    const same = open.find((each) => each.station === request.station && each.reason === request.reason);
    if (same) return this.shown(same);
    const text = request.text === undefined || request.text === "" ? {} : { text: request.text };
    return this.raise(view, {
      station: request.station,
      shell: station.shell,
      reason: request.reason,
      by,
      ...text,
      raisedAt: at,
      notified: {},
    });
  }

  /** Throws DW_CONFLICT where too many are open. */
  async raise(view: PlantView, call: StoredCall): Promise<Andon> {
    const held = this.held(view);
    if (held.filter(({ closedAt }) => closedAt === undefined).length >= MAX_OPEN)
      throw new DoppelwerkError("DW_CONFLICT", message("andon.tooMany", { count: MAX_OPEN }));
    const id = this.#parts.newId();
    const old = held.filter(({ closedAt }) => closedAt !== undefined).slice(MAX_KEPT);
    const reader = view.documents.reader(LIVE);
    await view.documents.apply({
      branch: LIVE,
      reason: message("andon.log.raised", { station: call.station }),
      changes: [
        documentChange(andonCall, id, undefined, call)!,
        ...old.flatMap((each) => {
          const record = reader.get(each.id);
          return record === undefined ? [] : [{ op: "delete" as const, record }];
        }),
      ],
    });
    return this.shown({ ...call, id });
  }

  /** Throws DW_NOT_FOUND, DW_CONFLICT where it is closed, or somebody else took it. */
  async take(view: PlantView, id: RecordId, by: string): Promise<Andon> {
    const call = this.#require(view, id);
    if (call.owner === by) return this.shown(call);
    if (call.owner !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("andon.taken", { by: this.#parts.nameOf(call.owner) }));
    return this.change(view, id, { owner: by, takenAt: this.#parts.now() }, "andon.log.taken");
  }

  /** Throws DW_NOT_FOUND, DW_CONFLICT where it is closed. */
  async close(view: PlantView, id: RecordId, by: string, note: string | undefined): Promise<Andon> {
    this.#require(view, id);
    return this.change(
      view,
      id,
      { closedBy: by, closedAt: this.#parts.now(), ...(note !== undefined && note !== "" && { note }) },
      "andon.log.closed",
    );
  }

  async change(
    view: PlantView,
    id: RecordId,
    fields: Partial<StoredCall>,
    why: "andon.log.taken" | "andon.log.closed" | "andon.log.notified",
  ): Promise<Andon> {
    const { id: _id, ...call } = this.#require(view, id);
    const next = { ...call, ...fields };
    const change = documentChange(andonCall, id, view.documents.reader(LIVE).get(id), next);
    if (change) await view.documents.apply({ branch: LIVE, reason: message(why, { station: call.station }), changes: [change] });
    return this.shown({ ...next, id });
  }

  #require(view: PlantView, id: RecordId): HeldCall {
    const call = this.held(view).find((each) => each.id === id);
    if (call === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("andon.missing"));
    if (call.closedAt !== undefined) throw new DoppelwerkError("DW_CONFLICT", message("andon.isClosed"));
    return call;
  }

  async shown({ notified, shell: _shell, rule: _rule, by, owner, closedBy, ...call }: HeldCall): Promise<Andon> {
    const { lines } = await this.#parts.flow.lines();
    const places = lines.flatMap((line) => [line, ...line.stations]);
    const title = places.find(({ id }) => id === call.station)?.title ?? { en: call.station, zh: call.station };
    const person = (id: string) => ({ id, name: this.#parts.nameOf(id) });
    return {
      ...call,
      title,
      step: Math.max(0, ...Object.values(notified)),
      ...(by !== undefined && { by: person(by) }),
      ...(owner !== undefined && { owner: person(owner) }),
      ...(closedBy !== undefined && { closedBy: person(closedBy) }),
    };
  }
}
