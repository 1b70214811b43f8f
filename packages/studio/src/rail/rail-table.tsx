import { memo, useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Rail } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import { clockText, momentText, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { Translate } from "@doppelwerk/ui";
import type { RailSettings } from "./rail-host.ts";

/** Rows that are read aloud must end: the newest of them. */
const MAX_ROWS = 60;
/** Marks are gathered as if the Rail were this wide. */
const WIDTH = 400;

interface RailRow {
  readonly at: number;
  readonly what: string;
}

/** What the Rail shows, for who does not see it: shifts with their figures, marks of every lane, forks with what is expected of them, by time. */
export const RailTable = memo(function RailTable({ lanes }: { readonly lanes: RailSettings["lanes"] }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const rail = useStore(studio.rail);
  const [rows, setRows] = useState<readonly RailRow[]>([]);
  // not while it is drawn: a lane of a pack that fails is reported
  useEffect(() => {
    if (rail !== undefined) setRows(railRows(rail, lanes, { t, clock: (instant) => clockText(instant, zone, false) }));
  }, [rail, lanes, t, zone]);
  if (rail === undefined) return null;
  return (
    <div className="dw-visually-hidden">
      <table>
        <caption>{t("rail.name")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("chart.time")}</th>
            <th scope="col">{t("rail.event")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, what }, index) => (
            <tr key={index}>
              <th scope="row">{momentText(at, zone, language, false)}</th>
              <td>{what}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
});

/** The rows of a Rail, oldest first. */
export function railRows(
  rail: Rail,
  lanes: RailSettings["lanes"],
  { t, clock }: { readonly t: Translate; readonly clock: (instant: number) => string },
): readonly RailRow[] {
  const scale = (rail.to - rail.from) / WIDTH;
  const shifts = rail.shifts.map(({ from, name, good, oee }) => {
    const shift = t("rail.shift", { name: t.or(`shift.${name.toLowerCase()}`, name) });
    const figures = good === undefined || oee === undefined ? [] : [t("rail.shiftFigures", { good, oee: (oee * 100).toFixed(1) })];
    return { at: from, what: [shift, ...figures].join(": ") };
  });
  const marks = lanes.flatMap(({ lane }) =>
    lane.marks(rail, scale).map((mark) => {
      const { name, text } = lane.words(mark, t);
      return { at: mark.at, what: [name, text].filter((part) => part !== "").join(" · ") };
    }),
  );
  const forks = rail.lanes
    .filter(({ branch }) => branch.id !== LIVE && branch.closed === undefined)
    .map(({ branch, fan }) => {
      const end = fan.at(-1);
      const expected =
        end === undefined ? [] : [t("rail.expected", { count: Math.round(end.p50), from: clock(branch.instant), to: clock(end.at) })];
      return { at: branch.instant, what: [branch.name, ...expected].join(": ") };
    });
  return [...shifts, ...marks, ...forks].toSorted((a, b) => a.at - b.at).slice(-MAX_ROWS);
}
