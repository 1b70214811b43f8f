import { useStudio } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store/store.ts";
import type { KpiTarget } from "../values/target-state.ts";
import { kpiTargets } from "./kpi-targets.ts";

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
