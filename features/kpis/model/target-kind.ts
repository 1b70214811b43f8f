import { fault, message, z, type KindDeclaration } from "@doppelwerk/kit";
import type {} from "../message-codes.ts";

/** KPIs that can have a target, by the names of ISO 22400-2 that the API answers them with. `better`: 1 = more is better. */
export const KPIS = {
  oee: { isRatio: true, better: 1 },
  availability: { isRatio: true, better: 1 },
  effectiveness: { isRatio: true, better: 1 },
  qualityRatio: { isRatio: true, better: 1 },
  firstPassYield: { isRatio: true, better: 1 },
  /** Good units of a whole shift. */
  good: { isRatio: false, better: 1 },
  /** Units an hour of planned time. */
  throughputPerHour: { isRatio: false, better: 1 },
  /** Seconds of planned time. */
  leadTimeS: { isRatio: false, better: -1 },
} as const satisfies Readonly<Record<string, { readonly isRatio: boolean; readonly better: 1 | -1 }>>;
export type Kpi = keyof typeof KPIS;
export const KPI_NAMES = Object.keys(KPIS) as readonly Kpi[];

/** What a KPI should reach, and from where on somebody should look. Ratios are 0 to 1. */
export const Target = z.object({ target: z.number().positive(), warning: z.number().min(0) });
export type Target = z.output<typeof Target>;

function targetOf(kpi: Kpi) {
  const { isRatio, better } = KPIS[kpi];
  const own = Target.refine(({ target }) => !isRatio || target <= 1, fault(message("kpis.fault.ratioRange"))).refine(
    ({ target, warning }) => better * (target - warning) >= 0,
    fault(message("kpis.fault.warning")),
  );
  return own.or(z.literal("none")).optional();
}

/** By KPI; `none`: it has no target, whatever is shipped. */
export const StoredTargets = z.object(
  Object.fromEntries(KPI_NAMES.map((kpi) => [kpi, targetOf(kpi)])) as Record<Kpi, ReturnType<typeof targetOf>>,
);
export type StoredTargets = z.output<typeof StoredTargets>;

/** One document a place, a field a KPI. */
export const kpiTargets = {
  id: "kpis.targets",
  record: "kpiTargets",
  version: 1,
  schema: StoredTargets.extend({ shell: z.string().min(1).max(2_000) }),
  upcast: {},
} satisfies KindDeclaration;
