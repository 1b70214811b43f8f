import { DoppelwerkError, message, type Message } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { energyUses, type MediumUse, type UsedFor } from "@doppelwerk/ports";
import { LIVE, type BranchId, type Instant } from "@doppelwerk/world";
import type { Footprints, ProductFootprint } from "../contract.ts";
import type { footprint } from "../feature.ts";
import type {} from "../message-codes.ts";
import { footprintOf, type Footprint, type Intensity, type UsedMedium } from "../model/footprints.ts";
import type { StoredFactor } from "../model/carbon-kinds.ts";
import { factorsOf, gridDaysOf, gridOf } from "./documents.ts";

type Ctx = FeatureContext<typeof footprint>;
const HOUR: Instant = 3_600_000_000;

export interface FootprintQuestion {
  readonly from: Instant;
  readonly to: Instant;
  readonly line?: string | undefined;
}

interface Weights {
  readonly intensity: Intensity;
  readonly gridSource: string | undefined;
  readonly factors: readonly StoredFactor[];
}

/** Partial footprints of what was made in a span. Throws DW_UNAVAILABLE where the feature that measures energy is off, and what that throws. */
export async function footprintsOf(
  ctx: Ctx,
  view: PlantView,
  branch: BranchId,
  { from, to, line }: FootprintQuestion,
): Promise<Footprints> {
  const uses = ctx.find(energyUses);
  if (uses === undefined) throw new DoppelwerkError("DW_UNAVAILABLE", message("footprint.noEnergy"));
  const media = await uses.within(view.principal, branch, { from, to, ...(line !== undefined && { line }) });
  const { weights, zone } = await weightsOf(view, branch, { from, to });
  const total = footprintOf(media.map(asUsed), weights);
  const electricity = media.find(({ medium }) => medium === "electricity");
  const part = total.parts.find(({ of }) => of === "electricity");
  const subjects = new Map(media.flatMap(({ uses: all }) => all.map((use) => [`${use.kind} ${use.id}`, use] as const)));
  return {
    from,
    to,
    isPartial: true,
    isSimulated: media.some(({ isSimulated }) => isSimulated),
    ...(zone !== undefined && { zone }),
    unknownShare: part !== undefined && part.amount > 0 ? part.unknownAmount / part.amount : 0,
    total: shown(total),
    hours: (electricity?.total ?? []).map(({ hour, amount }) => {
      const g = weights.intensity(hour);
      return { at: hour, kWh: amount, ...(g !== undefined && { g }) };
    }),
    rows: [...subjects.values()].map((subject) => rowOf(subject, media, weights)),
    findings: findingsOf(total, zone, media),
  };
}

const asUsed = ({ medium, unit, total, isWhole }: MediumUse): UsedMedium => ({ medium, unit, hours: total, isWhole });

function rowOf({ kind, id, product, good }: UsedFor, media: readonly MediumUse[], weights: Weights): ProductFootprint {
  const used = media.flatMap(({ medium, unit, isWhole, uses }): UsedMedium[] => {
    const own = uses.find((each) => each.kind === kind && each.id === id);
    return own === undefined || own.hours.length === 0 ? [] : [{ medium, unit, isWhole, hours: own.hours }];
  });
  const found = footprintOf(used, weights);
  const isKnown = found.unknown.length === 0 && good !== undefined && good > 0;
  return { kind, id, product, ...(good !== undefined && { good }), ...(isKnown && { each: found.kg / good }), ...shown(found) };
}

function shown({ kg, unknown, parts }: Footprint) {
  return { kg, unknown: [...unknown], parts: parts.map((part) => ({ ...part, sources: [...part.sources] })) };
}

function findingsOf(total: Footprint, zone: string | undefined, media: readonly MediumUse[]): Message[] {
  const missing = total.parts.filter(({ of, unknownAmount }) => of !== "electricity" && unknownAmount > 0).map(({ of }) => of);
  return [
    ...(zone === undefined && media.some(({ medium }) => medium === "electricity") ? [message("footprint.finding.noGrid")] : []),
    ...missing.map((of) => message("footprint.finding.noFactor", { of: message(`footprint.of.${of}` as "footprint.of.gas") })),
    ...(media.some(({ isWhole }) => !isWhole) ? [message("footprint.finding.notWhole")] : []),
  ];
}

/** Intensities of the hours of a span: those of its zone that people imported, else the mean of the signal over the hour. */
async function weightsOf(view: PlantView, branch: BranchId, span: { readonly from: Instant; readonly to: Instant }) {
  const grid = gridOf(view, branch);
  const hours = new Map<Instant, number>();
  const sources = new Set<string>();
  for (const { zone, day, hours: all, source } of gridDaysOf(view, branch)) {
    if (zone !== grid?.zone) continue;
    const begin = Date.parse(`${day}T00:00:00Z`) * 1_000;
    for (const [hour, grams] of all.entries()) if (grams !== null) hours.set(begin + hour * HOUR, grams);
    if (begin < span.to && begin + 24 * HOUR > span.from) sources.add(source);
  }
  if (grid?.signal !== undefined && view.mayReadSignal(grid.signal)) {
    const measured = await signalHours(view, grid.signal, span);
    for (const [hour, grams] of measured) if (!hours.has(hour)) hours.set(hour, grams);
    sources.add(grid.source ?? view.signal(grid.signal)?.name ?? grid.signal);
  }
  const weights: Weights = {
    intensity: (hour) => hours.get(hour),
    // nobody named a grid: there is no factor
    gridSource: grid && `${grid.zone}: g CO2e/kWh by the hour, ${[...sources].join("; ") || "-"}`,
    factors: factorsOf(view, branch),
  };
  return { weights, zone: grid?.zone };
}

/** Mean of each hour that has a reading in it; one that holds from earlier says nothing of later hours. */
async function signalHours(view: PlantView, signal: string, { from, to }: { readonly from: Instant; readonly to: Instant }) {
  const [begin, end] = [Math.floor(from / HOUR) * HOUR, Math.ceil(to / HOUR) * HOUR];
  const count = (end - begin) / HOUR;
  const { mean, count: samples } = await view.history.buckets({ branch: LIVE, signal }, begin, end, count);
  const hours = new Map<Instant, number>();
  for (let at = 0; at < count; at++) if (samples[at]! > 0 && Number.isFinite(mean[at])) hours.set(begin + at * HOUR, mean[at]!);
  return hours;
}
