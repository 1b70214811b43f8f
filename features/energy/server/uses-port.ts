import type { FeatureContext } from "@doppelwerk/kit/server";
import type { EnergyUses, MediumUse, UsedFor, UsedInHour } from "@doppelwerk/ports";
import type { energy } from "../feature.ts";
import { MEDIA } from "../model/energy-units.ts";
import { isNeutral, scenarioAmounts, type ScenarioFields } from "../model/scenario.ts";
import { NO_LABEL } from "../model/timeline.ts";
import { mediumMeters } from "./meters.ts";
import { loadedPlaces } from "./load-answer.ts";
import { scenarioOf } from "./scenarios.ts";
import { COLUMN, useOf, type PlaceUse, type Use } from "./use.ts";

const HOUR = 3_600_000_000;

/** What is of an order is moved by so many minutes. */
type Shifted = Use & { readonly shiftMinutes: number };

/** What was used by hour, order and product, for features that weigh it by factors of their own. */
export function energyUsesOf(ctx: FeatureContext<typeof energy>): EnergyUses {
  return {
    async within(principal, branch, span) {
      const view = ctx.view(principal);
      const metered = new Set(mediumMeters(view, branch).map(({ medium }) => medium));
      const found: MediumUse[] = [];
      for (const medium of MEDIA)
        if (metered.has(medium))
          found.push(mediumUse(medium, assumed(await useOf(ctx, view, { ...span, branch, medium }), scenarioOf(view, branch))));
      return found;
    },
  };
}

/** As the scenario of a branch has it: of electricity what stands by its factor, in places around stations as well. Then it is simulated. */
function assumed(use: Use, scenario: ScenarioFields): Shifted {
  if (isNeutral(scenario)) return { ...use, shiftMinutes: 0 };
  const places = use.places.map((place): PlaceUse => {
    if (place.cuts === undefined || place.kind !== "station") return { ...place, isSimulated: true };
    const amounts = scenarioAmounts(place.cuts, place.timeline, COLUMN.state, use.states, scenario);
    return { ...place, cuts: { ...place.cuts, amounts }, isSimulated: true };
  });
  return { ...use, places, shiftMinutes: scenario.shiftMinutes };
}

function mediumUse(medium: string, use: Shifted): MediumUse {
  const measured = use.places.filter(({ cuts }) => cuts !== undefined);
  const unit = measured.some(({ meters }) => meters[0]?.unit === "m3") ? "m3" : "kWh";
  const outer = unit === "kWh" ? loadedPlaces(use.places) : outermost(measured);
  return {
    medium,
    unit,
    from: use.from,
    to: use.to,
    isSimulated: measured.some(({ isSimulated }) => isSimulated),
    isWhole: measured.every(({ cuts }) => cuts!.unknownUs === 0 && cuts!.untimed === 0),
    total: hoursOf(use, outer, () => true),
    uses: use.lines.flatMap(({ id }) => usesOfLine(use, id)),
  };
}

function outermost(measured: readonly PlaceUse[]): readonly PlaceUse[] {
  const shells = new Set(measured.map(({ shell }) => shell));
  return measured.filter(({ above }) => above === undefined || !shells.has(above));
}

function usesOfLine(use: Shifted, line: string): readonly UsedFor[] {
  const own = use.places.filter((place) => place.line === line && place.cuts !== undefined);
  const stations = own.filter(({ kind }) => kind === "station");
  const places = stations.length > 0 ? stations : own;
  const made = use.executions.get(line);
  const orders = (made?.orders ?? []).map(({ order, product, good }, label): UsedFor => ({
    kind: "order",
    id: order,
    product,
    good,
    hours: hoursOf(use, places, ({ timeline }, cut) => timeline.labels[COLUMN.order]![cut] === label),
  }));
  const products = use.products.map((product, label): UsedFor => {
    const good = made?.products.find((each) => each.product === product)?.good ?? (made === undefined ? undefined : 0);
    const hours = hoursOf(use, places, ({ timeline }, cut) => timeline.labels[COLUMN.product]![cut] === label);
    return { kind: "product", id: product, product, ...(good !== undefined && { good }), hours };
  });
  return [...orders, ...products.filter(({ hours }) => hours.length > 0)];
}

/** Sums of the cuts of some places by hour of UTC. */
function hoursOf(use: Shifted, places: readonly PlaceUse[], isWanted: (place: PlaceUse, cut: number) => boolean): readonly UsedInHour[] {
  const sums = new Map<number, number>();
  for (const place of places) {
    const { cuts, timeline } = place;
    for (let cut = 0; cut < cuts!.amounts.length; cut++) {
      const amount = cuts!.amounts[cut]!;
      if (amount === 0 || !isWanted(place, cut)) continue;
      const isOfOrder = timeline.labels[COLUMN.order]![cut] !== NO_LABEL;
      const at = timeline.bounds[cut]! + (isOfOrder ? use.shiftMinutes * 60_000_000 : 0);
      const hour = Math.floor(at / HOUR) * HOUR;
      sums.set(hour, (sums.get(hour) ?? 0) + amount);
    }
  }
  return [...sums].toSorted((a, b) => a[0] - b[0]).map(([hour, amount]) => ({ hour, amount }));
}
