import type { ReactNode } from "react";
import { brokenPrecedences, gapOf, type LineWork } from "@doppelwerk/sim/optimise";
import { Card, fixedText, useWords } from "@doppelwerk/kit/studio";
import { balanceFigures, movedElements } from "./balance-figures.ts";
import { Figure } from "./figure.tsx";
import type { BalanceState } from "./use-balance.ts";
import { WorkBars } from "./work-bars.tsx";

/** The division as bars with its figures, and what it breaks. */
export function BalanceCard({
  given,
  balance: { work, stationOf, bound },
  selected,
  onSelect,
}: {
  readonly given: LineWork;
  readonly balance: BalanceState;
  readonly selected: number | undefined;
  readonly onSelect: (element: number | undefined) => void;
}): ReactNode {
  const { t, language } = useWords();
  const present = given.elements.map(({ station }) => station);
  const now = balanceFigures(work, present).cycle;
  const { cycle, use, held } = balanceFigures(work, stationOf);
  const gap = gapOf(cycle, Math.min(bound, cycle));
  const labelOf = (element: number): string => work.elements[element]!.label[language];
  return (
    <Card
      title={
        movedElements(work, stationOf).length === 0
          ? t("simulate.optimise.balance.nowTitle", { cycle: fixedText(now, 1) })
          : t("simulate.optimise.balance.thenTitle", { now: fixedText(now, 1), cycle: fixedText(cycle, 1) })
      }
    >
      <div className="dw-gantt-figures">
        <Figure label={t("simulate.optimise.balance.cycle")} value={`${fixedText(cycle, 1)}\u202fs`} />
        <Figure label={t("simulate.optimise.balance.bound")} value={`${fixedText(bound, 1)}\u202fs`} />
        <Figure
          label={t("simulate.optimise.gantt.gap")}
          value={gap < 0.0005 ? t("simulate.optimise.search.proven") : `${fixedText(100 * gap, 1)}\u202f%`}
        />
        <Figure label={t("simulate.optimise.balance.use")} value={`${fixedText(100 * use, 1)}\u202f%`} />
        {work.taktS !== undefined && <Figure label={t("simulate.optimise.balance.takt")} value={`${fixedText(work.taktS, 1)}\u202fs`} />}
      </div>
      {held !== undefined && (
        <p className="dw-note">{t("simulate.optimise.balance.holds", { what: held.station, seconds: fixedText(held.seconds, 1) })}</p>
      )}
      <WorkBars work={work} stationOf={stationOf} selected={selected} onSelect={onSelect} />
      {brokenPrecedences(work, stationOf).map(([needed, element]) => (
        <p key={`${needed} ${element}`} className="dw-note is-trouble">
          {t("simulate.optimise.balance.broken", { what: labelOf(element), needs: labelOf(needed) })}
        </p>
      ))}
    </Card>
  );
}
