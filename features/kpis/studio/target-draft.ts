import { KPI_NAMES, KPIS, type Kpi, type StoredTargets, type Target } from "../model/target-kind.ts";
import { SHIPPED_TARGETS, targetsInForce } from "../model/targets-in-force.ts";

/** A target while it is being written: numbers as texts, ratios in percent, lead time in minutes. Both empty: none. */
export interface TargetDraft {
  readonly target: string;
  readonly warning: string;
}
export type TargetDrafts = Readonly<Record<Kpi, TargetDraft>>;

/** How a KPI is written: what its value is divided by, its unit, digits. */
export function formOf(kpi: Kpi): {
  readonly per: number;
  readonly unit: "percent" | "units" | "perHour" | "minutes";
  readonly digits: number;
} {
  if (KPIS[kpi].isRatio) return { per: 0.01, unit: "percent", digits: 1 };
  if (kpi === "leadTimeS") return { per: 60, unit: "minutes", digits: 1 };
  return { per: 1, unit: kpi === "good" ? "units" : "perHour", digits: 0 };
}

export function shownNumber(kpi: Kpi, value: number): string {
  return String(Number((value / formOf(kpi).per).toPrecision(10)));
}

export function draftsOf(stored: StoredTargets): TargetDrafts {
  const targets = targetsInForce(stored);
  return Object.fromEntries(KPI_NAMES.map((kpi) => [kpi, draftOf(kpi, targets[kpi])])) as TargetDrafts;
}

function draftOf(kpi: Kpi, target: Target | undefined): TargetDraft {
  if (target === undefined) return { target: "", warning: "" };
  return { target: shownNumber(kpi, target.target), warning: shownNumber(kpi, target.warning) };
}

export type TargetFault = "number" | "ratio" | "below" | "above";

/** What is wrong with a draft; `below` and `above`: the warning bound lies on the wrong side of the target. */
export function faultOf(kpi: Kpi, draft: TargetDraft): TargetFault | undefined {
  if (isEmpty(draft)) return undefined;
  const target = numberOf(draft.target);
  const warning = numberOf(draft.warning);
  if (!(target > 0) || !(warning >= 0)) return "number";
  const { isRatio, better } = KPIS[kpi];
  if (isRatio && target > 100) return "ratio";
  return better * (target - warning) >= 0 ? undefined : better > 0 ? "below" : "above";
}

/** Those that differ from what is shipped; undefined while one cannot be. */
export function storedOf(drafts: TargetDrafts): StoredTargets | undefined {
  const stored: StoredTargets = {};
  for (const kpi of KPI_NAMES) {
    const draft = drafts[kpi];
    if (faultOf(kpi, draft)) return undefined;
    const shipped = SHIPPED_TARGETS[kpi];
    const own = isEmpty(draft) ? "none" : targetOf(kpi, draft);
    if (own === "none" ? shipped !== undefined : own.target !== shipped?.target || own.warning !== shipped.warning) stored[kpi] = own;
  }
  return stored;
}

function targetOf(kpi: Kpi, draft: TargetDraft): Target {
  const { per } = formOf(kpi);
  const value = (text: string): number => Number((numberOf(text) * per).toPrecision(10));
  return { target: value(draft.target), warning: value(draft.warning) };
}

function isEmpty({ target, warning }: TargetDraft): boolean {
  return target.trim() === "" && warning.trim() === "";
}

function numberOf(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
}
