import type { KpiTarget, TargetsOfKpis } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { KPIS, KPI_NAMES } from "../model/target-kind.ts";

/** The targets of the line that hold on the branch entered. */
const lineTargets: TargetsOfKpis = async (studio, call) => {
  const { branch } = studio.address.store.get();
  const [line] = await calls.knownTargets(studio.client, { query: { branch } }, call);
  const targets = new Map<string, KpiTarget>();
  for (const kpi of KPI_NAMES) {
    const target = line?.targets[kpi];
    if (target) targets.set(kpi, { ...target, better: KPIS[kpi].better });
  }
  return targets;
};
export default lineTargets;
