import { DAY, HOUR } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import type { LineDefinition, SignalBinding, StationDefinition } from "@doppelwerk/operations";
import { lineFlow } from "@doppelwerk/ports";
import { LIVE, type Instant, type RecordId, type SampleBatch, type SampleColumns } from "@doppelwerk/world";
import type { orders } from "../feature.ts";
import { countedPieces, type Pieces } from "../model/pieces.ts";
import type { CountedLine } from "../model/progress.ts";

/** How far back pieces are counted. */
const SPAN: Instant = 35 * DAY;
/** What is read again each time: samples of so long ago may still come live. */
const AGAIN: Instant = HOUR;
const FRESH_MS = 2_000;
const MAX_SAMPLES = 2_000_000;

interface CountedStation {
  readonly counter: SignalBinding;
  readonly product: SignalBinding;
}

interface Kept {
  readonly station: CountedStation;
  readonly pieces: readonly Pieces[];
  readonly to: Instant;
  /** Last reading of the counter before `to`, and the product then. */
  readonly count: number | undefined;
  readonly last: string | undefined;
}

/** What lines counted at their end and at their beginning, by product: read from the historian, kept, and read anew when the past changed. */
export class CountedLines {
  readonly #ctx: FeatureContext<typeof orders>;
  readonly #kept = new Map<string, Promise<Kept>>();
  readonly #unfollow: () => void;
  #readAt = new Map<string, number>();

  constructor(ctx: FeatureContext<typeof orders>) {
    this.#ctx = ctx;
    // late and corrected samples: what was counted of the past may be another number
    this.#unfollow = ctx.derivations.follow({
      live() {},
      past: (batch) => this.#forget(batch),
      archive() {},
      archiveGone() {},
    });
  }

  /** Undefined where the end of the line does not count, or the caller may not read what it counts. */
  async of(view: PlantView, line: RecordId): Promise<(CountedLine & { readonly isSimulated: boolean }) | undefined> {
    const definition = (await this.#ctx.use(lineFlow).folded()).find((each) => each.definition.id === line)?.definition;
    const end = definition && endOf(definition);
    if (definition === undefined || end === undefined || !isReadable(view, end)) return undefined;
    const begin = beginningOf(definition);
    const begun = begin !== undefined && isReadable(view, begin) ? await this.#pieces(begin) : undefined;
    const record = view.signal(end.counter.id);
    const origin = record && view.originOf(record);
    return {
      good: await this.#pieces(end),
      begun,
      isSimulated: origin === "simulated" || origin === "replayed",
    };
  }

  close(): void {
    this.#unfollow();
  }

  #forget({ signals, count }: SampleBatch): void {
    if (this.#kept.size === 0) return;
    const touched = new Set<string>();
    for (let row = 0; row < count; row++) {
      const id = this.#ctx.table.idOf(signals[row]!);
      if (id !== undefined) touched.add(id);
    }
    for (const key of this.#kept.keys()) if (key.split(" ").some((id) => touched.has(id))) this.#kept.delete(key);
  }

  async #pieces(station: CountedStation): Promise<readonly Pieces[]> {
    const key = `${station.counter.id} ${station.product.id}`;
    const known = this.#kept.get(key);
    if (known !== undefined && Date.now() - (this.#readAt.get(key) ?? 0) < FRESH_MS) return (await known).pieces;
    const read = this.#read(station, await known);
    this.#kept.set(key, read);
    this.#readAt.set(key, Date.now());
    // what failed is read again from the beginning
    read.catch(() => this.#kept.delete(key));
    return (await read).pieces;
  }

  async #read(station: CountedStation, kept: Kept | undefined): Promise<Kept> {
    const { history } = this.#ctx.own;
    const now = this.#ctx.now();
    const from = kept?.to ?? now - SPAN;
    const to = Math.max(from, now - AGAIN);
    const keys = [station.counter, station.product].map(({ id }) => ({ branch: LIVE, signal: id }));
    const [[countBefore, productBefore], counts, products] = await Promise.all([
      kept === undefined ? history.at(keys, from - 1) : [undefined, undefined],
      history.raw(keys[0]!, from, now + 1, MAX_SAMPLES),
      history.raw(keys[1]!, from, now + 1, MAX_SAMPLES),
    ]);
    const before = {
      count: kept?.count ?? (countBefore !== undefined && Number.isFinite(countBefore.value) ? countBefore.value : undefined),
      product: kept?.last ?? productBefore?.text,
    };
    const counter = this.#ctx.own.signal(station.counter.id)?.counter;
    const fresh = countedPieces(counts, products, counter, before);
    const settled = (kept?.pieces ?? []).filter(({ at }) => at < from);
    return {
      station,
      pieces: [...settled, ...fresh],
      to,
      count: lastBefore(counts, to) ?? before.count,
      last: lastTextBefore(products, to) ?? before.product,
    };
  }
}

function lastBefore({ times, values, qualities }: SampleColumns, to: Instant): number | undefined {
  for (let row = times.length - 1; row >= 0; row--)
    if (times[row]! < to && qualities[row] !== 2 && Number.isFinite(values[row])) return values[row];
  return undefined;
}

function lastTextBefore({ times, texts }: SampleColumns, to: Instant): string | undefined {
  for (let row = times.length - 1; row >= 0; row--) if (times[row]! < to) return texts.get(row);
  return undefined;
}

const isReadable = (view: PlantView, { counter, product }: CountedStation): boolean =>
  view.mayReadSignal(counter.id) && view.mayReadSignal(product.id);

function counted({ signals }: StationDefinition, roles: readonly ("Good" | "Total")[]): CountedStation | undefined {
  const counter = roles.map((role) => signals[role]).find((signal) => signal !== undefined);
  return counter && signals.Product && { counter, product: signals.Product };
}

const WAYS: ReadonlySet<string> = new Set(["main", "assembly", "return"]);

/** The station that parts leave the line from, the last one that counts and says of what. */
function endOf({ stations, flows }: LineDefinition): CountedStation | undefined {
  const on = new Set(flows.filter(({ kind }) => WAYS.has(kind)).map(({ from }) => from));
  return stations
    .filter(({ id }) => !on.has(id))
    .map((station) => counted(station, ["Good", "Total"]))
    .findLast((station) => station !== undefined);
}

/** The station that the main flow begins at: not one that makes what is joined later, where there is another. */
function beginningOf({ stations, flows }: LineDefinition): CountedStation | undefined {
  const into = new Set(flows.filter(({ kind }) => WAYS.has(kind)).map(({ to }) => to));
  const first = stations.filter(({ id, signals }) => !into.has(id) && signals.Product !== undefined);
  const rejected = new Set(stations.flatMap(({ rejectTo }) => rejectTo ?? []));
  const candidates = first.filter(({ id }) => !rejected.has(id));
  return candidates.map((station) => counted(station, ["Total", "Good"])).findLast((station) => station !== undefined);
}
