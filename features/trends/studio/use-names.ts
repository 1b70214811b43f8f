import { signalName, unitText, useStore, useStudio, useWords, type TokenName } from "@doppelwerk/kit/studio";
import { KPI_NAMES, KPI_UNITS } from "../model/kpi-names.ts";
import { sourceOf } from "./choice.ts";

/** Calm hues, one a source. */
const HUES: readonly TokenName[] = ["blue", "olive", "violet", "rose", "teal", "sand", "indigo", "plum"];

export function hueOf(at: number): TokenName {
  return HUES[at % HUES.length]!;
}

export interface Naming {
  /** With its station. */
  nameOf(id: string): string;
  /** As people read it. */
  unitOf(id: string, unit?: string): string;
}

export function useNaming(): Naming {
  const studio = useStudio();
  const line = useStore(studio.line);
  const branches = useStore(studio.branches);
  const { t, language } = useWords();
  return {
    nameOf: (id) => {
      const source = sourceOf(id);
      if (source.kind === "kpi") return t.or(`trends.kpi.${source.kpi}`, source.kpi);
      if (source.kind === "future")
        return t("trends.future", { branch: branches.find((each) => each.id === source.branch)?.name ?? source.branch });
      const station = line?.stations.find(
        ({ signals, processValues }) => processValues.includes(id) || Object.values(signals).includes(id),
      );
      return `${station === undefined ? "" : `${station.id} `}${signalName(studio.signals.entry(id), language, id)}`;
    },
    unitOf: (id, unit) => {
      const source = sourceOf(id);
      if (source.kind === "kpi")
        return { ratio: "%", perHour: t("trends.unit.perHour"), count: t("trends.unit.units") }[KPI_UNITS[source.kpi]];
      if (source.kind === "future") return t("trends.unit.units");
      return unitText(studio.signals.entry(id)?.unit ?? unit);
    },
  };
}

/** Everything that can be shown: signals, KPIs of the line, and what open branches expect. */
export function useOffered(
  naming: Naming,
): readonly { readonly group: string; readonly items: readonly { readonly value: string; readonly label: string }[] }[] {
  const studio = useStudio();
  const rail = useStore(studio.rail);
  const { t } = useWords();
  const labelOf = (id: string): string => {
    const unit = naming.unitOf(id);
    return `${naming.nameOf(id)}${unit === "" ? "" : `, ${unit}`}`;
  };
  const items = (ids: readonly string[]) => ids.map((value) => ({ value, label: labelOf(value) }));
  // the steps of an alarm are no values
  const signals = studio.signals.entries().flatMap(({ id, role }) => (role === "Alarm" ? [] : [id]));
  const futures = (rail?.lanes ?? []).filter(({ fan }) => fan.length > 0).map(({ branch }) => `future:${branch.id}`);
  return [
    { group: t("trends.group.kpis"), items: items(KPI_NAMES.map((name) => `kpi:${name}`)) },
    { group: t("trends.group.futures"), items: items(futures) },
    { group: t("trends.group.signals"), items: items(signals) },
  ].filter((group) => group.items.length > 0);
}
