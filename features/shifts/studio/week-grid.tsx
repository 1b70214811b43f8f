import { VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { PlannedShift } from "@doppelwerk/operations";
import { useWords } from "@doppelwerk/kit/studio";
import { clockOf, minutesOf } from "../model/calendar-findings.ts";
import { useShiftNames, weekdayText } from "./shift-names.ts";
import "./calendar.css";

const DAYS = [1, 2, 3, 4, 5, 6, 7];
const HOURS = [0, 6, 12, 18, 24];
const DAY = 1_440;

interface Bar {
  readonly shift: PlannedShift;
  readonly from: number;
  readonly to: number;
  /** It began the day before. */
  readonly isRest: boolean;
}

/** A week as it repeats: a row a day, a bar a shift, breaks left out of it. What the bars show stands in words in each row. */
export function WeekGrid({
  shifts,
  onOpen,
}: {
  readonly shifts: readonly PlannedShift[];
  readonly onOpen?: (shift: number) => void;
}): ReactNode {
  const { t, language } = useWords();
  const names = useShiftNames();
  return (
    <table className="dw-week" aria-label={t("shifts.week")}>
      <tbody>
        {DAYS.map((day) => {
          const own = shifts.filter(({ days }) => days.includes(day)).toSorted((a, b) => a.startMinute - b.startMinute);
          return (
            <tr key={day}>
              <th scope="row">{weekdayText(day, language)}</th>
              <td>
                <VisuallyHidden>
                  {own.length === 0
                    ? t("shifts.off")
                    : own.map((shift) => `${names(shift.name)} ${clockOf(shift.startMinute)}–${clockOf(shift.endMinute)}`).join(", ")}
                </VisuallyHidden>
                <div className="dw-week-day" aria-hidden>
                  {barsOf(shifts, day).map((bar) => (
                    <DayBar key={`${bar.shift.name} ${bar.from}`} bar={bar} colour={shifts.indexOf(bar.shift)} onOpen={onOpen} />
                  ))}
                </div>
              </td>
            </tr>
          );
        })}
      </tbody>
      <tfoot aria-hidden>
        <tr>
          <th />
          <td>
            <div className="dw-week-axis">
              {HOURS.map((hour) => (
                <small key={hour} style={{ left: `${(hour / 24) * 100}%` }}>
                  {hour}
                </small>
              ))}
            </div>
          </td>
        </tr>
      </tfoot>
    </table>
  );
}

function barsOf(shifts: readonly PlannedShift[], day: number): readonly Bar[] {
  const before = day === 1 ? 7 : day - 1;
  return shifts.flatMap((shift) => {
    const end = shift.startMinute + minutesOf(shift);
    return [
      ...(shift.days.includes(before) && end > DAY ? [{ shift, from: 0, to: end - DAY, isRest: true }] : []),
      ...(shift.days.includes(day) ? [{ shift, from: shift.startMinute, to: Math.min(end, DAY), isRest: false }] : []),
    ];
  });
}

function DayBar({
  bar: { shift, from, to, isRest },
  colour,
  onOpen,
}: {
  readonly bar: Bar;
  readonly colour: number;
  readonly onOpen: ((shift: number) => void) | undefined;
}): ReactNode {
  const names = useShiftNames();
  const percent = (minutes: number): string => `${(minutes / DAY) * 100}%`;
  const pauses = shift.breaks
    .map(({ startMinute, minutes }) => ({ at: startMinute - from - (isRest || startMinute >= shift.startMinute ? 0 : -DAY), minutes }))
    .filter(({ at, minutes }) => at >= 0 && at + minutes <= to - from && isInPart(shift, at + from, isRest));
  return (
    <i
      className={`dw-week-bar is-${colour % 6}${isRest ? " is-rest" : ""}`}
      style={{ left: percent(from), width: percent(to - from) }}
      title={`${names(shift.name)} ${clockOf(shift.startMinute)}–${clockOf(shift.endMinute)}`}
      onClick={onOpen && (() => onOpen(colour))}
    >
      <span>{names(shift.name)}</span>
      {pauses.map(({ at, minutes }) => (
        <b key={at} style={{ left: `${(at / (to - from)) * 100}%`, width: `${(minutes / (to - from)) * 100}%` }} />
      ))}
    </i>
  );
}

/** A break after midnight belongs to the part of the next day. */
function isInPart({ startMinute, endMinute }: PlannedShift, minute: number, isRest: boolean): boolean {
  if (isRest) return minute < endMinute && endMinute <= startMinute;
  return minute >= startMinute;
}
