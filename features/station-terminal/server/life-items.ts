import { DAY, documentChange, DoppelwerkError, hashedId, HOUR, message, readDocument } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { lineFlow, stationStates } from "@doppelwerk/ports";
import { counterStep, LIVE, quality, type BranchId, type Instant, type RecordId, type SampleBatch } from "@doppelwerk/world";
import type { ShownLife } from "../contract.ts";
import type { stationTerminal } from "../feature.ts";
import type {} from "../message-codes.ts";
import { TERMINAL_EVENTS } from "../model/event-kinds.ts";
import { daysBetween, lifeItem, lifeState, workedHours, type LifeFields, type StoredLife } from "../model/life-kind.ts";
import { requireStation } from "./stations.ts";

const FRESH_MS = 10_000;
/** What is read at once: long lives are read in parts. */
const PART: Instant = 7 * DAY;
/** Read again each time: samples of so long ago may still come. */
const AGAIN: Instant = HOUR;
/** More at once than a station makes between two readings: the counter was set, not counted. */
const MAX_STEP = 1_000;

type Ctx = FeatureContext<typeof stationTerminal>;

interface Counted {
  readonly from: Instant;
  /** Counted up to here, and the reading then. */
  readonly to: Instant;
  readonly used: number;
  readonly last: number | undefined;
}

export function lifeDocumentId(code: string): RecordId {
  return hashedId("lifeItem", "code", code);
}

export function heldLives(view: PlantView, branch: BranchId): readonly StoredLife[] {
  return view.documents
    .reader(branch)
    .query({ kind: lifeItem.record })
    .flatMap((record) => readDocument(lifeItem, record) ?? [])
    .toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

/** Errors: DW_INVALID. */
export async function storeLife(view: PlantView, branch: BranchId, code: string, fields: LifeFields): Promise<void> {
  const parsed = lifeItem.schema.safeParse({ ...fields, code });
  if (!parsed.success) throw new DoppelwerkError("DW_INVALID", message("stationTerminal.fault.code", { code: code.slice(0, 100) }));
  const id = lifeDocumentId(code);
  const change = documentChange(lifeItem, id, view.documents.reader(branch).get(id), parsed.data);
  if (change) await view.documents.apply({ branch, reason: message("stationTerminal.log.life", { name: fields.name }), changes: [change] });
}

/** Errors: DW_NOT_FOUND. */
export async function removeLife(view: PlantView, branch: BranchId, code: string): Promise<void> {
  const record = view.documents.reader(branch).get(lifeDocumentId(code));
  if (record === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("stationTerminal.noLife", { code: code.slice(0, 100) }));
  await view.documents.apply({ branch, reason: message("stationTerminal.log.lifeGone", { code }), changes: [{ op: "delete", record }] });
}

/** How much of their life tools, moulds and gauges have behind them: of what the station of each counts and does since it was reset. */
export class LifeCounts {
  readonly #ctx: Ctx;
  readonly #counted = new Map<string, Counted>();
  readonly #shown = new Map<string, { readonly at: number; readonly used: Promise<number | undefined> }>();
  readonly #unfollow: () => void;

  constructor(ctx: Ctx) {
    this.#ctx = ctx;
    this.#unfollow = ctx.derivations.follow({
      live() {},
      // late and corrected samples: what was counted of the past may be another number
      past: (batch) => this.#forget(batch),
      archive() {},
      archiveGone() {},
    });
  }

  close(): void {
    this.#unfollow();
  }

  /** Of a station, or of all that may be read; the most used first. */
  async shown(view: PlantView, station?: string): Promise<ShownLife[]> {
    const own = heldLives(view, LIVE).filter((item) => station === undefined || item.station === station);
    const shown = await Promise.all(own.map((item) => this.#one(view, item)));
    return shown.flatMap((item) => item ?? []).toSorted((a, b) => (b.used ?? 0) / b.limit - (a.used ?? 0) / a.limit);
  }

  /** Undefined of a station that may not be read. */
  async #one(view: PlantView, { code, name, what, station, unit, limit, warnAt, since }: StoredLife): Promise<ShownLife | undefined> {
    const place = await requireStation(this.#ctx.use(lineFlow), view, station).catch((error: unknown) => {
      // of a station that is gone or hidden: not shown
      if (error instanceof DoppelwerkError) return undefined;
      throw error;
    });
    if (place === undefined) return undefined;
    const reset = await this.#ctx.own.events.latest({
      branch: LIVE,
      subject: place.subject,
      types: [TERMINAL_EVENTS.lifeReset],
      key: { name: "item", value: code },
    });
    const from = Math.max(since, reset?.at ?? 0);
    const used = await this.#used(code, unit, station, from);
    return {
      code,
      name,
      what,
      station,
      unit,
      limit,
      since: from,
      state: lifeState({ limit, warnAt }, used),
      ...(used !== undefined && { used }),
    };
  }

  #used(code: string, unit: LifeFields["unit"], station: string, from: Instant): Promise<number | undefined> {
    const now = this.#ctx.now();
    if (unit === "days") return Promise.resolve(daysBetween(from, now));
    const key = `${code} ${unit} ${station} ${from}`;
    const known = this.#shown.get(key);
    if (known !== undefined && Date.now() - known.at < FRESH_MS) return known.used;
    const used = unit === "cycles" ? this.#cycles(key, station, from, now) : this.#hours(station, from, now);
    this.#shown.set(key, { at: Date.now(), used });
    // what failed is read again
    used.catch(() => this.#shown.delete(key));
    return used;
  }

  async #hours(station: string, from: Instant, now: Instant): Promise<number | undefined> {
    const states = await this.#ctx.find(stationStates)?.concluded(station, from, now);
    return states && workedHours(states, from, now);
  }

  async #cycles(key: string, station: string, from: Instant, now: Instant): Promise<number | undefined> {
    const folded = await this.#ctx.use(lineFlow).folded();
    const signals = folded.flatMap(({ definition }) => definition.stations).find(({ id }) => id === station)?.signals;
    const counter = signals?.Total ?? signals?.Good;
    if (counter === undefined) return undefined;
    const series = { branch: LIVE, signal: counter.id };
    const width = this.#ctx.own.signal(counter.id)?.counter ?? { type: "totaliser" as const };
    let kept = this.#counted.get(key) ?? { from, to: from, used: 0, last: (await this.#ctx.own.history.at([series], from))[0]?.value };
    const read = async (begin: Counted, to: Instant): Promise<Counted> => {
      const { times, values, qualities } = await this.#ctx.own.history.raw(series, begin.to, to);
      let { used, last } = begin;
      for (let row = 0; row < times.length; row++) {
        const value = values[row]!;
        if (qualities[row] === quality.bad || !Number.isFinite(value)) continue;
        const step = last === undefined ? 0 : counterStep(last, value, width).delta;
        if (step > 0 && step <= MAX_STEP) used += step;
        last = value;
      }
      return { ...begin, to, used, last };
    };
    while (kept.to < now - AGAIN) {
      kept = await read(kept, Math.min(now - AGAIN, kept.to + PART));
      this.#counted.set(key, kept);
    }
    return (await read(kept, now + 1)).used;
  }

  #forget({ count }: SampleBatch): void {
    if (count === 0) return;
    this.#counted.clear();
    this.#shown.clear();
  }
}
