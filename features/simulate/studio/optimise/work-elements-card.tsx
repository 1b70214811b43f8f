import { Checkbox, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { openStations, type LineWork } from "@doppelwerk/sim/optimise";
import { Card, fixedText, useWords } from "@doppelwerk/kit/studio";
import type { BalanceState } from "./use-balance.ts";

/** Every element of the work: the station that is to do it, and whether it stays where it is. */
export function WorkElementsCard({
  given,
  balance: { work, stationOf, move, bind },
  selected,
}: {
  readonly given: LineWork;
  readonly balance: BalanceState;
  readonly selected: number | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const open = openStations(work);
  return (
    <Card className="dw-work-elements" title={t("simulate.optimise.balance.elements")} note={t("simulate.optimise.balance.elementsNote")}>
      <ul className="dw-work-list">
        {work.elements.map((element, e) => {
          const what = element.label[language];
          return (
            <li key={element.id} className={selected === e ? "is-on" : ""}>
              <span>
                {what} <small>{fixedText(element.seconds, 1)} s</small>
                {selected === e && element.after.length > 0 && (
                  <small className="dw-work-after">
                    {t("simulate.optimise.balance.after", {
                      what: element.after.map((needed) => work.elements[needed]!.label[language]).join(", "),
                    })}
                  </small>
                )}
              </span>
              <NativeSelect
                size="xs"
                aria-label={t("simulate.optimise.balance.stationOf", { what })}
                value={String(stationOf[e])}
                disabled={element.fixed}
                onChange={(event) => move(e, Number(event.currentTarget.value))}
                data={work.stations.flatMap(({ id }, s) => (open[s] || s === element.station ? [{ value: String(s), label: id }] : []))}
              />
              <Checkbox
                size="xs"
                aria-label={t("simulate.optimise.balance.stays", { what })}
                title={t("simulate.optimise.balance.stays", { what })}
                checked={element.fixed}
                disabled={given.elements[e]!.fixed}
                onChange={(event) => bind(e, event.currentTarget.checked)}
              />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
