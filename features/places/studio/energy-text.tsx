import type { ReactNode } from "react";
import { clockText, fixedText, useWords } from "@doppelwerk/kit/studio";
import type { PlaceSums } from "../contract.ts";
import { atLeast, useWhy } from "./known.ts";
import { Unknown } from "./unknown.tsx";

type Known = Pick<PlaceSums, "energy" | "unknownMeters">;

/** kWh of the shift; below it since when it is counted where that is later, and of how many meters that is not known. */
export function EnergyText({
  of: { energy, unknownMeters = 0 },
  isMain = false,
}: {
  readonly of: Known;
  /** It is that of all rows: it says so where it is no sum of theirs. */
  readonly isMain?: boolean;
}): ReactNode {
  const { t } = useWords();
  const why = useWhy();
  const gaps = useEnergyGaps({ energy, unknownMeters });
  const hint = gaps.length === 0 ? undefined : t("places.energy.hint", { gaps: gaps.join(", ") });
  if (energy === undefined) return <Unknown why={why.unknown ?? hint} />;
  const isBound = unknownMeters > 0 || energy.lateMeters !== undefined || energy.silentMeters !== undefined;
  return (
    <span className="dw-place-energy" title={hint}>
      {atLeast(fixedText(energy.kWh, 0), isBound)}
      {isMain && energy.isOwn && <small title={t("places.energy.mainHint")}>{t("places.energy.main")}</small>}
      {gaps.map((gap) => (
        <small key={gap}>{gap}</small>
      ))}
    </span>
  );
}

/** What a figure of energy leaves out: "since 02:14", "2 meters unknown"; nothing where it is that of the whole shift. */
export function useEnergyGaps({ energy, unknownMeters = 0 }: Known): readonly string[] {
  const { t, zone } = useWords();
  const [late, silent] = [energy?.lateMeters ?? 0, energy?.silentMeters ?? 0];
  return [
    ...(energy?.since === undefined ? [] : [t("places.energy.since", { clock: clockText(energy.since, zone, false) })]),
    ...(late === 0 ? [] : [t("places.energy.late", { count: late })]),
    ...(silent === 0 ? [] : [t("places.energy.silent", { count: silent })]),
    ...(unknownMeters === 0 ? [] : [t("places.energy.unknown", { count: unknownMeters })]),
  ];
}
