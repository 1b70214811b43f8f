import { fixedText, percentText, useText } from "@doppelwerk/kit/studio";
import type { ReactNode } from "react";
import type { Figures } from "../model/figures.ts";

/** Key figures of a period, each with its unit. */
export function FigureRow({ figures }: { readonly figures: Figures }): ReactNode {
  const text = useText();
  const { rightFirstTime, liquorRatio, waterLPerKg, steamKgPerKg, energyKWhPerKg, durationH, occupied } = figures;
  const shown = [
    ["rightFirstTime", percentText(rightFirstTime)],
    ["liquorRatio", liquorRatio === undefined ? "–" : `1 : ${fixedText(liquorRatio, 1)}`],
    ["water", `${fixedText(waterLPerKg, 1)} L/kg`],
    ["steam", `${fixedText(steamKgPerKg, 2)} kg/kg`],
    ["energy", `${fixedText(energyKWhPerKg, 2)} kWh/kg`],
    ["duration", `${fixedText(durationH, 1)} h`],
    ["occupied", percentText(occupied)],
  ] as const;
  return (
    <dl className="dye-house-figures" aria-label={text("dyeHouse.figures.title")}>
      {shown.map(([name, value]) => (
        <div key={name} title={text(`dyeHouse.figures.${name}Hint`)}>
          <dt>{text(`dyeHouse.figures.${name}`)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
      <div>
        <dt>{text("dyeHouse.figures.batches")}</dt>
        <dd>{figures.batches}</dd>
      </div>
    </dl>
  );
}
