import { message, textsOf } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { connections, COVERAGE_ASPECTS, lineFlow, type CollectedFact, type CoverageAspect, type CoverageSource } from "@doppelwerk/ports";
import type { BranchId, SignalRecord } from "@doppelwerk/world";
import type { orders } from "../feature.ts";
import type {} from "../message-codes.ts";
import { productionOrder } from "../model/order-kind.ts";
import { lotsOf, materialsOf, ratesOf } from "./resources.ts";

type Ctx = FeatureContext<typeof orders>;
interface Aspect {
  readonly aspect: CoverageAspect;
  readonly facts: readonly (Omit<CollectedFact, "aspect" | "from"> & { readonly feature: string; readonly from: readonly string[] })[];
}

/** Units of UCUM and of people, without marks. */
const ENERGY = /^(k|M|G)?(W[.·]?h|J)$/i;
const POWER = /^(k|M)?W$|^kV[.·]?A$|^kvar$/i;
const VOLUME = /^(m³|m3|Nm³|l|L)$/;
const CARBON = /CO2/i;

/** What of each aspect is collected: of signals by their role and unit, of documents by their kind, and what features say of themselves. */
export async function coverageOf(
  ctx: Ctx,
  view: PlantView,
  branch: BranchId,
  sources: readonly CoverageSource[],
): Promise<{ aspects: Aspect[] }> {
  const given = await Promise.all(
    sources.map(async (source) => {
      const facts = await source.facts(view.principal, branch).catch((error: unknown) => {
        ctx.log.warn({ err: error, feature: source.feature }, "what a feature collects could not be asked");
        return [];
      });
      return facts.map((fact) => ({ ...fact, feature: source.feature, from: fact.from ?? [] }));
    }),
  );
  const folded = await ctx.use(lineFlow).folded();
  // what the engineering file and the product bring holds without a document of its own
  const shipped = {
    calendars: folded.filter(({ definition }) => definition.shifts.length > 0).length,
    alarmRules: folded.reduce((sum, { shippedRules }) => sum + shippedRules.length, 0),
  };
  const own = [...(await signalFacts(ctx, view)), ...documentFacts(view, branch, shipped)];
  const all = [...own, ...given.flat()];
  return {
    aspects: COVERAGE_ASPECTS.map((aspect) => ({
      aspect,
      facts: all
        .filter((fact) => fact.aspect === aspect)
        .map(({ id, title, count, feature, from }) => ({ id, title, count, feature, from: [...from] })),
    })),
  };
}

type Fact = CollectedFact & { readonly feature: string; readonly from: readonly string[] };

const titleOf = (id: string) => textsOf(message(`orders.fact.${id}` as "orders.fact.counts"));

async function signalFacts(ctx: Ctx, view: PlantView): Promise<readonly Fact[]> {
  const names = new Map((await ctx.find(connections)?.list())?.map(({ id, name }) => [id, name]));
  const signals = view.signals();
  const folded = await ctx.use(lineFlow).folded();
  const stations = folded.flatMap(({ definition }) => definition.stations);
  const inRole = (roles: readonly string[]): ReadonlySet<string> =>
    new Set(
      stations.flatMap((station) =>
        roles.flatMap((role) => (station.signals as Readonly<Record<string, { readonly id: string } | undefined>>)[role]?.id ?? []),
      ),
    );
  const fact = (aspect: CoverageAspect, id: string, found: readonly SignalRecord[]): Fact => ({
    aspect,
    id,
    title: titleOf(id),
    count: found.length,
    feature: "line",
    from: [...new Set(found.flatMap(({ connection }) => (connection === undefined ? [] : (names.get(connection) ?? []))))].toSorted(),
  });
  const of = (ids: ReadonlySet<string>) => signals.filter(({ id }) => ids.has(id));
  const processValues = new Set(stations.flatMap((station) => station.processValues.map(({ id }) => id)));
  const unit = (pattern: RegExp) => signals.filter((signal) => signal.unit !== undefined && pattern.test(signal.unit));
  return [
    fact("production", "states", of(inRole(["ItemState", "VendorState"]))),
    fact("production", "counts", of(inRole(["Total", "Good"]))),
    fact("production", "products", of(inRole(["Product"]))),
    fact("production", "cycles", of(inRole(["LastCycle"]))),
    fact("quality", "rejects", of(inRole(["Reject"]))),
    fact("quality", "serials", of(inRole(["PartIn", "PartOut", "ComponentIn"]))),
    fact("quality", "processValues", of(processValues)),
    // the energy of one weld is no meter
    fact(
      "energy",
      "energyMeters",
      unit(ENERGY).filter(({ counter }) => counter !== undefined),
    ),
    fact("energy", "power", unit(POWER)),
    fact(
      "energy",
      "volume",
      unit(VOLUME).filter(({ counter }) => counter !== undefined),
    ),
    fact("energy", "carbon", unit(CARBON)),
  ];
}

/** Kinds of records by what they are about, whichever feature brings them. */
const KINDS: readonly (readonly [aspect: CoverageAspect, id: string, kind: RegExp])[] = [
  ["production", "calendars", /^shiftCalendar/],
  ["production", "reasons", /^stopCoding$/],
  ["safety", "alarmRules", /^alarmRule$/],
  ["safety", "lockOuts", /^(workOrder|lockOut)/],
  ["safety", "notificationRules", /^notificationRule$/],
  ["people", "onCall", /^onCallCalendar$/],
  ["people", "rosters", /^roster/i],
  ["people", "skills", /^skill/i],
  ["people", "signOns", /^(signOn|badge)/i],
];

function documentFacts(view: PlantView, branch: BranchId, shipped: Readonly<Record<string, number>>): readonly Fact[] {
  const reader = view.documents.reader(branch);
  const kinds = [
    "shiftCalendar",
    "stopCoding",
    "alarmRule",
    "workOrder",
    "notificationRule",
    "onCallCalendar",
    "rosterShift",
    "skill",
    "signOn",
  ];
  const counts = new Map(kinds.map((kind) => [kind, reader.query({ kind }).length]));
  const facts = KINDS.map(([aspect, id, pattern]): Fact => {
    const stored = [...counts].reduce((sum, [kind, own]) => sum + (pattern.test(kind) ? own : 0), 0);
    const count = Math.max(stored, shipped[id] ?? 0);
    return { aspect, id, title: titleOf(id), count, feature: "documents", from: [] };
  });
  const fact = (aspect: CoverageAspect, id: string, count: number): Fact => ({
    aspect,
    id,
    title: titleOf(id),
    count,
    feature: "orders",
    from: [],
  });
  const materials = materialsOf(view, branch);
  return [
    ...facts,
    fact("production", "orders", reader.query({ kind: productionOrder.record }).length),
    fact("logistics", "materials", materials.filter(({ use }) => use === "material").length),
    fact("logistics", "bills", materials.filter(({ bill }) => bill.length > 0).length),
    fact("logistics", "stocks", materials.filter(({ onHand }) => onHand !== undefined).length),
    fact("logistics", "lots", lotsOf(view, branch).length),
    fact("logistics", "rates", ratesOf(view, branch)?.workCentres.length ?? 0),
  ];
}
