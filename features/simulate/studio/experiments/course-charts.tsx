import { Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { momentText, useWords } from "@doppelwerk/kit/studio";
import { InsideChart } from "./inside-chart.tsx";
import type { RunCourse } from "./run-course.ts";
import { StateGantt } from "./state-gantt.tsx";
import "./experiments.css";

/** States of stations and parts inside over one shift of one replication; the shift is chosen, the first after the warm-up at first. */
export function CourseCharts({ course, measuredFrom }: { readonly course: RunCourse; readonly measuredFrom: Instant }): ReactNode {
  const { t, zone, language } = useWords();
  const whole = course.shifts.filter(({ to }) => to <= course.to);
  const [chosen, setChosen] = useState<number>(() =>
    Math.max(
      0,
      whole.findIndex(({ from }) => from >= measuredFrom - SECOND),
    ),
  );
  const shift = whole[chosen] ?? { from: course.from, to: course.to };
  return (
    <>
      {whole.length > 1 && (
        <Select
          size="xs"
          w={240}
          className="dw-screen-only"
          aria-label={t("simulate.experiments.shift")}
          value={String(chosen)}
          onChange={(value) => setChosen(Number(value ?? 0))}
          allowDeselect={false}
          data={whole.map(({ from }, index) => ({ value: String(index), label: momentText(from, zone, language, false) }))}
        />
      )}
      <StateGantt course={course} from={shift.from} to={shift.to} />
      <InsideChart course={course} from={shift.from} to={shift.to} />
    </>
  );
}
