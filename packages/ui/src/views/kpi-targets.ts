import type { KpiTarget } from "../values/target-standing.ts";
import type { Studio } from "../session/studio.ts";
import { useLoad } from "../session/use-load.ts";
import { useStudio } from "../session/context.tsx";
import { slot } from "../slots/slot.ts";
import { useStore } from "../store/store.ts";

/** Targets of the line on the branch entered, by the name of the KPI in the API. */
export type TargetsOfKpis = (studio: Studio, call: { readonly signal: AbortSignal }) => Promise<ReadonlyMap<string, KpiTarget>>;

/** What brings targets to where KPIs are shown. */
export const kpiTargets = slot<{ readonly order: number }, TargetsOfKpis>()("kpis.targets", 1);

const NONE: ReadonlyMap<string, KpiTarget> = new Map();

/** What KPIs should reach. They are shown without it: where it fails there is none. */
export function useKpiTargets(): ReadonlyMap<string, KpiTarget> {
  const studio = useStudio();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const [source] = studio.views.of(kpiTargets);
  const loaded = useLoad(
    source && (async (signal) => (await source.load()).default(studio, { signal })),
    [source?.id, branch],
    undefined,
    commits,
  );
  return loaded.value ?? NONE;
}
