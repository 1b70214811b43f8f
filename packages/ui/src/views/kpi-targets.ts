import type { KpiTarget } from "../values/target-state.ts";
import type { Studio } from "../session/studio.ts";
import { slot } from "../slots/slot.ts";

/** Targets of the line on the branch entered, by the name of the KPI in the API. */
export type TargetsOfKpis = (studio: Studio, call: { readonly signal: AbortSignal }) => Promise<ReadonlyMap<string, KpiTarget>>;

/** What brings targets to where KPIs are shown. */
export const kpiTargets = slot<{ readonly order: number }, TargetsOfKpis>()("kpis.targets", 1);
