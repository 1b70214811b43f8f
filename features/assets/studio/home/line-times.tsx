import { Select } from "@mantine/core";
import type { ReactNode } from "react";
import { inLanguage, useWords } from "@doppelwerk/kit/studio";
import type { MakeLine, PlantValues } from "../../contract.ts";

type Asset = PlantValues["assets"][number];

const SHIFTS = { none: [], one: ["early"], two: ["early", "late"], three: ["early", "late", "night"] } as const;
/** Name, start, end; screens translate these names. */
const TIMES = { early: ["Early", "06:00", "14:00"], late: ["Late", "14:00", "22:00"], night: ["Night", "22:00", "06:00"] } as const;
const DAYS = { five: "Mon Tue Wed Thu Fri", six: "Mon Tue Wed Thu Fri Sat", all: "Mon Tue Wed Thu Fri Sat Sun" } as const;
const SHIFT_PATTERNS = ["none", "one", "two", "three"] as const;
const DAY_PATTERNS = ["five", "six", "all"] as const;

/** When a line works and where it is judged, as far as somebody knows. */
export interface LineTimes {
  readonly shifts: keyof typeof SHIFTS;
  readonly days: keyof typeof DAYS;
  readonly timeZone: string;
  /** AAS id. */
  readonly constraint: string | undefined;
}

export function unknownTimes(): LineTimes {
  return { shifts: "none", days: "five", timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone, constraint: undefined };
}

/** What of it is sent: a constraint that was taken out of the line is none. */
export function statedTimes(
  { shifts, days, timeZone, constraint }: LineTimes,
  stations: readonly Pick<Asset, "shell">[],
): Pick<MakeLine, "shifts" | "timeZone" | "constraint"> {
  const planned = SHIFTS[shifts].map((shift) => {
    const [name, start, end] = TIMES[shift];
    return { name, start, end, days: DAYS[days] };
  });
  return {
    timeZone,
    ...(planned.length === 0 ? {} : { shifts: planned }),
    ...(stations.some(({ shell }) => shell === constraint) && constraint !== undefined ? { constraint } : {}),
  };
}

export function LineTimesForm({
  stations,
  times,
  onChange,
}: {
  readonly stations: readonly Asset[];
  readonly times: LineTimes;
  readonly onChange: (times: LineTimes) => void;
}): ReactNode {
  const { t, language } = useWords();
  const zones = [...new Set([times.timeZone, ...Intl.supportedValuesOf("timeZone")])];
  return (
    <>
      <div className="dw-home-times">
        <Select
          size="sm"
          label={t("assets.line.shifts")}
          allowDeselect={false}
          data={SHIFT_PATTERNS.map((value) => ({ value, label: t(`assets.line.shifts.${value}`) }))}
          value={times.shifts}
          onChange={(shifts) => onChange({ ...times, shifts: shifts as LineTimes["shifts"] })}
        />
        <Select
          size="sm"
          label={t("assets.line.days")}
          allowDeselect={false}
          disabled={times.shifts === "none"}
          data={DAY_PATTERNS.map((value) => ({ value, label: t(`assets.line.days.${value}`) }))}
          value={times.days}
          onChange={(days) => onChange({ ...times, days: days as LineTimes["days"] })}
        />
        <Select
          size="sm"
          label={t("assets.line.timeZone")}
          searchable
          allowDeselect={false}
          data={zones}
          value={times.timeZone}
          onChange={(timeZone) => timeZone !== null && onChange({ ...times, timeZone })}
        />
        <Select
          size="sm"
          label={t("assets.line.constraint")}
          placeholder={t("assets.line.notKnown")}
          clearable
          data={stations.map(({ shell, name }) => ({ value: shell, label: inLanguage(name, language) }))}
          value={times.constraint ?? null}
          onChange={(constraint) => onChange({ ...times, constraint: constraint ?? undefined })}
        />
      </div>
      <p className="dw-quiet">
        {t("assets.line.shiftsText")} {t("assets.line.constraintText")}
      </p>
    </>
  );
}
