import { documentChange, DoppelwerkError, hashedId, message, readDocument } from "@doppelwerk/kit";
import type { FeatureContext, PlantView } from "@doppelwerk/kit/server";
import { LIVE, type BranchId, type RecordId } from "@doppelwerk/world";
import type { EnergyComparison } from "../contract.ts";
import type { energy } from "../feature.ts";
import type {} from "../message-codes.ts";
import { sumsByLabel } from "../model/attribution.ts";
import { energyScenario, isNeutral, NO_SCENARIO, scenarioAmounts, scenarioShifts, type ScenarioFields } from "../model/scenario.ts";
import type { StoredTariff } from "../model/tariff-kind.ts";
import { pricesOf } from "../model/tariff-price.ts";
import { loadedPlaces } from "./load-answer.ts";
import { tariffsOf } from "./tariffs.ts";
import { COLUMN, total, useOf, type PlaceUse, type Use, type UseQuestion } from "./use.ts";

const SCENARIO_ID: RecordId = hashedId("energyScenario", "of", "plant");

/** What is assumed on a branch; live assumes nothing. */
export function scenarioOf(view: PlantView, branch: BranchId): ScenarioFields {
  const record = branch === LIVE ? undefined : view.documents.reader(branch).get(SCENARIO_ID);
  return (record && readDocument(energyScenario, record)) ?? NO_SCENARIO;
}

/** Throws DW_INVALID on live: what was measured there is not assumed otherwise. */
export async function storeScenario(
  view: PlantView,
  branch: BranchId,
  fields: ScenarioFields,
  reason: string | undefined,
): Promise<ScenarioFields> {
  if (branch === LIVE) throw new DoppelwerkError("DW_INVALID", message("energy.scenario.live"));
  const change = documentChange(energyScenario, SCENARIO_ID, view.documents.reader(branch).get(SCENARIO_ID), fields);
  if (change) await view.documents.apply({ branch, reason: reason || message("energy.scenario.stored"), changes: [change] });
  return fields;
}

/** What was used and what it cost by the tariffs of live, beside what it would be by the tariffs and the scenario of the branch, over the same readings. */
export async function comparison(
  ctx: FeatureContext<typeof energy>,
  view: PlantView,
  question: Omit<UseQuestion, "medium">,
): Promise<EnergyComparison> {
  const use = await useOf(ctx, view, { ...question, medium: "electricity" });
  const scenario = scenarioOf(view, question.branch);
  const [live, branch] = [tariffsOf(view, LIVE), tariffsOf(view, question.branch)];
  const before = sideOf(use, live, NO_SCENARIO);
  const after = sideOf(use, branch, scenario);
  return {
    from: use.from,
    to: use.to,
    scenario,
    isSimulated: !isNeutral(scenario) || use.places.some(({ isSimulated }) => isSimulated),
    live: before,
    branch: after,
  };
}

/** Of the outermost meters, with the changes that a scenario makes at stations. */
function sideOf(use: Use, tariffs: readonly StoredTariff[], scenario: ScenarioFields): EnergyComparison["live"] {
  const outer = loadedPlaces(use.places);
  const isWhole = outer.length > 0 && outer.every(({ cuts }) => cuts!.unknownUs === 0 && cuts!.untimed === 0);
  const { currency } = pricesOf(use.quarters, tariffs, "electricity", use.offset);
  let [amount, cost] = [0, 0];
  for (const place of outer) {
    amount += total(place.cuts!.amounts);
    cost += costOf(use, place, tariffs, place.cuts!.amounts, 0);
  }
  if (!isNeutral(scenario))
    for (const place of use.places) {
      if (place.kind !== "station" || place.cuts === undefined || place.meters[0]?.unit !== "kWh") continue;
      const changed = scenarioAmounts(place.cuts, place.timeline, COLUMN.state, use.states, scenario);
      amount += total(changed) - total(place.cuts.amounts);
      cost += costOf(use, place, tariffs, changed, scenario.shiftMinutes) - costOf(use, place, tariffs, place.cuts.amounts, 0);
    }
  return {
    ...(isWhole && { amount }),
    ...(isWhole && currency !== undefined && Number.isFinite(cost) && { cost, currency }),
  };
}

/** What cuts cost where those of orders are moved by some minutes; NaN where no tariff is valid. */
function costOf(use: Use, { timeline }: PlaceUse, tariffs: readonly StoredTariff[], amounts: Float64Array, shiftMinutes: number): number {
  const labels = timeline.labels[COLUMN.quarter]!;
  const shifts = scenarioShifts(timeline, COLUMN.order, { shiftMinutes, standbyFactor: 1 });
  const paid = (isMoved: boolean): number => {
    const own = Float64Array.from(amounts, (amount, cut) => ((shifts[cut] !== 0) === isMoved ? amount : 0));
    const moved = use.quarters.map(({ from }) => ({ from: from + (isMoved ? shiftMinutes * 60_000_000 : 0) }));
    const { prices } = pricesOf(moved, tariffs, "electricity", use.offset);
    const byQuarter = sumsByLabel(own, labels, use.quarters.length);
    return byQuarter.reduce((sum, amount, quarter) => (amount === 0 ? sum : sum + amount * prices[quarter]!), 0);
  };
  return paid(false) + (shiftMinutes === 0 ? 0 : paid(true));
}
