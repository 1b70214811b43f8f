import { Button, NativeSelect } from "@mantine/core";
import type { ReactNode } from "react";
import { clockText, dateText, dayText, useWords, type zoneOf } from "@doppelwerk/kit/studio";

export interface Shift {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  /** Production outside of any shift. */
  readonly unplanned?: { readonly units: number } | undefined;
}

interface Choice {
  /** The newest first. */
  readonly shifts: readonly Shift[];
  /** Beginning of the one that runs now: it ends, in the list, with its newest figures. */
  readonly running: number | undefined;
  /** Beginning of the one whose figures are shown. */
  readonly shown: number | undefined;
  /** The instant that the page is at; undefined where a shift was chosen. */
  readonly at: number | undefined;
  readonly zone: ReturnType<typeof zoneOf>;
  readonly onChoose: (shift: Shift) => void;
}

/** Which shift the figures are of, by date and name; says so where no shift runs at the instant shown. */
export function ShiftChoice({ shifts, running, shown, at, zone, onChoose }: Choice): ReactNode {
  const { t, language } = useWords();
  const index = shifts.findIndex(({ from }) => from === shown);
  const present = shifts[index];
  if (present === undefined) return null;
  const dayOf = (instant: number): string => {
    const [weekday, date] = [dayText(instant, zone, language).split(" ")[0]!, dateText(instant, zone, language)];
    return language === "zh" ? `${date} ${weekday}` : `${weekday} ${date}`;
  };
  const text = ({ name, from, to, unplanned }: Shift): string =>
    t(unplanned !== undefined ? "audit.shiftUnplanned" : from === running ? "audit.shiftRuns" : "audit.shiftOf", {
      name: t.or(`shift.${name.toLowerCase()}`, name),
      day: dayOf(from),
      from: clockText(from, zone, false),
      to: clockText(to, zone, false),
      units: unplanned?.units ?? 0,
    });
  const [after, before] = [shifts[index - 1], shifts[index + 1]];
  return (
    <>
      <div className="dw-buttons dw-audit-shift">
        <Button size="compact-sm" variant="default" disabled={before === undefined} onClick={() => before && onChoose(before)}>
          {t("audit.shiftBefore")}
        </Button>
        <NativeSelect
          size="xs"
          aria-label={t("audit.shift")}
          value={String(present.from)}
          data={shifts.map((shift) => ({ value: String(shift.from), label: text(shift) }))}
          onChange={({ currentTarget: { value } }) => onChoose(shifts.find(({ from }) => String(from) === value)!)}
        />
        <Button size="compact-sm" variant="default" disabled={after === undefined} onClick={() => after && onChoose(after)}>
          {t("audit.shiftAfter")}
        </Button>
      </div>
      {present.unplanned !== undefined && <p role="note">{t("audit.unplannedNote")}</p>}
      {at !== undefined && present.from !== running && at >= present.to && (
        <div role="status">
          <h2>{t("audit.noShiftNow", { shift: text(present) })}</h2>
        </div>
      )}
    </>
  );
}
