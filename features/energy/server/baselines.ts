import { documentChange, DoppelwerkError, hashedId, isSameJson, message, readDocument } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { zoneOffsetOf } from "@doppelwerk/operations";
import { lineFlow, livePlaces } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant, type RecordId } from "@doppelwerk/world";
import type { EnergyPerformance, KnownBaseline } from "../contract.ts";
import type { energy } from "../feature.ts";
import type {} from "../message-codes.ts";
import { addedCuts, cutAmounts } from "../model/attribution.ts";
import { energyBaseline, type BaselineFields, type RelevantVariable, type StoredBaseline } from "../model/baseline-kind.ts";
import { degreeDays, performanceOf, type BaselineDay } from "../model/enpi.ts";
import { meterSeries } from "../model/meter-series.ts";
import { localTimeOf, type ZoneOffset } from "../model/tariff-price.ts";
import { meteredShells } from "./metered-places.ts";
import { readingsOf } from "./meter-readings.ts";
import { measuredUntil } from "./use.ts";

type Ctx = FeatureContext<typeof energy>;

const documentId = (name: string): RecordId => hashedId("energyBaseline", "name", name);
const HOUR: Instant = 3_600_000_000;

/** By name; those over a signal that may not be read are left out. */
export function listBaselines(view: PlantView, branch: BranchId): KnownBaseline[] {
  return storedBaselines(view, branch).map(({ name, ...fields }) => ({ name, fields }));
}

function storedBaselines(view: PlantView, branch: BranchId): readonly StoredBaseline[] {
  return view.documents
    .reader(branch)
    .query({ kind: energyBaseline.record })
    .flatMap((record) => readDocument(energyBaseline, record) ?? [])
    .filter(({ variables }) => variables.every(({ signal }) => view.mayReadSignal(signal)))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Throws DW_INVALID where a variable is no signal, DW_CONFLICT where another one is stored than was expected (`null`: none). */
export async function storeBaseline(
  view: PlantView,
  branch: BranchId,
  name: string,
  {
    fields,
    expected,
    reason,
  }: { readonly fields: BaselineFields; readonly expected?: BaselineFields | null | undefined; readonly reason?: string | undefined },
): Promise<KnownBaseline> {
  const missing = fields.variables.find(({ signal }) => view.signal(signal) === undefined);
  if (missing !== undefined) throw new DoppelwerkError("DW_INVALID", message("energy.baseline.noSignal", { title: missing.title }));
  const id = documentId(name);
  const known = listBaselines(view, branch).find((each) => each.name === name);
  const record = view.documents.reader(branch).get(id);
  // one that may not be read is not written over
  if (view.hides(branch, id) || (record !== undefined && known === undefined))
    throw new DoppelwerkError("DW_NOT_FOUND", message("energy.baseline.none", { name }));
  if (expected !== undefined && !isSameJson(known?.fields ?? null, expected))
    throw new DoppelwerkError("DW_CONFLICT", message("energy.baseline.changed", { name }));
  const change = documentChange(energyBaseline, id, record, { ...fields, name });
  if (change) await view.documents.apply({ branch, reason: reason || message("energy.baseline.stored", { name }), changes: [change] });
  return { name, fields };
}

/** Throws DW_NOT_FOUND. */
export async function removeBaseline(view: PlantView, branch: BranchId, name: string, reason: string | undefined): Promise<void> {
  const record = view.documents.reader(branch).get(documentId(name));
  if (record === undefined || !storedBaselines(view, branch).some((each) => each.name === name))
    throw new DoppelwerkError("DW_NOT_FOUND", message("energy.baseline.none", { name: name.slice(0, 60) }));
  await view.documents.apply({
    branch,
    reason: reason || message("energy.baseline.removed", { name }),
    changes: [{ op: "delete", record }],
  });
}

/** The regression of a baseline, and what days of another period used against what it expects. Throws DW_NOT_FOUND. */
export async function performance(
  ctx: Ctx,
  view: PlantView,
  branch: BranchId,
  { name, from, to }: { readonly name: string; readonly from: Instant; readonly to: Instant },
): Promise<EnergyPerformance> {
  const baseline = storedBaselines(view, branch).find((each) => each.name === name);
  if (baseline === undefined) throw new DoppelwerkError("DW_NOT_FOUND", message("energy.baseline.none", { name: name.slice(0, 60) }));
  const { lines } = await ctx.use(lineFlow).lines(branch);
  const places = meteredShells(view, { branch, medium: baseline.medium, lines, places: ctx.find(livePlaces) });
  const place = places.find(({ shell }) => shell === baseline.shell);
  const offset = zoneOffsetOf(lines.find(({ id }) => id === place?.line)?.timeZone ?? lines[0]?.timeZone ?? "UTC");
  const until = Math.min(to, measuredUntil(view, branch), ctx.now());
  const meters = place?.meters ?? [];
  const daysOf = (begins: readonly Instant[]) => readDays(view, meters, baseline.variables, begins);
  const asked = daysWithin(from, until, offset);
  const [base, reporting] = [
    await daysOf(namedDays(baseline.from, baseline.to, offset)),
    await daysOf(asked.length > MAX_DAYS ? asked.slice(-MAX_DAYS) : asked),
  ];
  const { regression, days, enpi, skipped, findings } = performanceOf(
    base,
    reporting,
    baseline.variables.map(({ title }) => title),
  );
  const { name: _, ...fields } = baseline;
  return {
    name,
    fields,
    unit: meters[0]?.unit ?? "kWh",
    ...(regression && {
      regression: {
        ...regression,
        coefficients: [...regression.coefficients],
        standardErrors: [...regression.standardErrors],
        pValues: [...regression.pValues],
      },
    }),
    days: days.map((day) => ({ ...day })),
    ...(enpi !== undefined && { enpi }),
    skipped: { ...skipped },
    findings: meters.length === 0 ? [message("energy.baseline.noMeter"), ...findings] : [...findings],
  };
}

const MAX_DAYS = 400;

/** Beginnings of whole days by the clock of the plant, and the end of the last. */
function daysWithin(from: Instant, to: Instant, offset: ZoneOffset): readonly Instant[] {
  const begins: Instant[] = [];
  for (let at = from; at <= to;) {
    const { minute } = localTimeOf(at, offset);
    if (minute === 0) begins.push(at);
    // to the next midnight, whatever the clock does in between
    at = minute === 0 ? nextMidnight(at, offset) : at + Math.max(1, Math.min(15, 1_440 - minute)) * 60_000_000;
    at = Math.floor(at / 60_000_000) * 60_000_000;
  }
  return begins;
}

function nextMidnight(at: Instant, offset: ZoneOffset): Instant {
  for (const hours of [23, 24, 25]) if (localTimeOf(at + hours * HOUR, offset).minute === 0) return at + hours * HOUR;
  return at + 24 * HOUR;
}

function namedDays(from: string, to: string, offset: ZoneOffset): readonly Instant[] {
  const begin = midnightOf(from, offset);
  return daysWithin(begin, nextMidnight(midnightOf(to, offset), offset), offset);
}

function midnightOf(day: string, offset: ZoneOffset): Instant {
  const utc = Date.parse(`${day}T00:00:00Z`) * 1_000;
  return utc - offset(utc - offset(utc) * 60_000_000) * 60_000_000;
}

/** `begins`: of each day, and the end of the last. */
async function readDays(
  view: PlantView,
  meters: readonly Parameters<typeof readMeter>[1][],
  variables: readonly RelevantVariable[],
  begins: readonly Instant[],
): Promise<readonly BaselineDay[]> {
  if (begins.length < 2) return [];
  const bounds = Float64Array.from(begins);
  const counted = await Promise.all(meters.map((meter) => readMeter(view, meter, bounds)));
  const columns: (readonly (number | undefined)[])[] = [];
  for (const variable of variables) columns.push(await readVariable(view, variable, bounds));
  const { amounts, unknown } = addedCuts(counted);
  return begins.slice(0, -1).map((at, row) => ({
    at,
    amount: meters.length === 0 || unknown[row]! > 0 ? undefined : amounts[row]!,
    variables: columns.map((column) => column[row]),
  }));
}

async function readMeter(view: PlantView, meter: ReturnType<typeof meteredShells>[number]["meters"][number], bounds: Float64Array) {
  const samples = await readingsOf(view, meter, bounds[0]!, bounds.at(-1)!);
  const { signal, factor, exchanges } = meter;
  return cutAmounts(meterSeries(samples, { counter: signal.counter, factor, exchanges }), bounds);
}

/** Of each day; undefined where it is not known. A counter that stands still is known, one without readings is not. */
async function readVariable(view: PlantView, variable: RelevantVariable, bounds: Float64Array): Promise<readonly (number | undefined)[]> {
  const signal = view.signal(variable.signal);
  if (signal === undefined) return Array.from(bounds.slice(1), () => undefined);
  if (variable.kind === "counted") {
    const samples = await readingsOf(view, { signal }, bounds[0]!, bounds.at(-1)!);
    const { amounts, unknown } = cutAmounts(meterSeries(samples, { counter: signal.counter, factor: 1 }), bounds);
    return Array.from(amounts, (amount, row) => (unknown[row]! > 0 ? undefined : amount));
  }
  const means: (number | undefined)[] = [];
  for (let row = 0; row + 1 < bounds.length; row++) {
    const { mean, count } = await view.history.buckets({ branch: LIVE, signal: signal.id }, bounds[row]!, bounds[row + 1]!, 1);
    const known = count[0]! > 0 && Number.isFinite(mean[0]) ? mean[0]! : undefined;
    means.push(variable.kind === "mean" ? known : degreeDays(known, variable.baseC, variable.kind));
  }
  return means;
}
