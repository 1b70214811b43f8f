import { Select } from "@mantine/core";
import { useElementSize } from "@mantine/hooks";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { HOUR, SECOND } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import { clockText, momentText, stateLook, useWords } from "@doppelwerk/kit/studio";
import type { StateLook } from "@doppelwerk/kit/studio";
import type { RunCourse } from "./run-course.ts";

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

/** A row a station, a band a state: what every station did when. */
function StateGantt({ course, from, to }: { readonly course: RunCourse; readonly from: Instant; readonly to: Instant }): ReactNode {
  const { t, zone } = useWords();
  const rows = useMemo(
    () =>
      course.stations.map(({ station, bands }) => ({
        station,
        bands: joined(
          bands
            .filter((band) => band.to > from && band.from < to)
            .map((band) => ({ from: Math.max(from, band.from), to: Math.min(to, band.to), look: stateLook(band.state) })),
        ),
      })),
    [course, from, to],
  );
  const used = new Set(rows.flatMap(({ bands }) => bands.map(({ look }) => look)));
  const share = (at: Instant): number => (100 * (at - from)) / Math.max(1, to - from);
  return (
    <div role="img" aria-label={t("simulate.experiments.gantt")}>
      <div className="dw-states-gantt">
        {rows.map(({ station, bands }) => (
          <div key={station} className="dw-states-gantt-row">
            <b>{station}</b>
            <div>
              {bands.map((band) => (
                <i
                  key={band.from}
                  className={`dw-chip is-${band.look}`}
                  style={{ left: `${share(band.from)}%`, width: `${share(band.to) - share(band.from)}%` }}
                  title={`${t(`state.${band.look}`)} ${clockText(band.from, zone, true)}–${clockText(band.to, zone, true)}`}
                />
              ))}
            </div>
          </div>
        ))}
        <div className="dw-states-gantt-row">
          <span />
          <div className="dw-states-gantt-hours">
            {hoursBetween(from, to).map((at) => (
              <small key={at} style={{ left: `${share(at)}%` }}>
                {clockText(at, zone, false)}
              </small>
            ))}
          </div>
        </div>
      </div>
      <div className="dw-legend">
        {[...used].map((look) => (
          <span key={look}>
            <i className={`dw-chip is-${look}`} /> {t(`state.${look}`)}
          </span>
        ))}
      </div>
    </div>
  );
}

/** Neighbouring bands of one look are one; a screen has no use for bands narrower than a thousandth of it, so short ones join the longer before them. */
function joined(bands: readonly { readonly from: Instant; readonly to: Instant; readonly look: StateLook }[]): readonly {
  from: Instant;
  to: Instant;
  look: StateLook;
}[] {
  const least = (bands.at(-1)?.to ?? 0) - (bands[0]?.from ?? 0);
  const result: { from: Instant; to: Instant; look: StateLook }[] = [];
  for (const band of bands) {
    const last = result.at(-1);
    if (last !== undefined && (last.look === band.look || band.to - band.from < least / 1_000)) last.to = band.to;
    else result.push({ ...band });
  }
  return result;
}

function hoursBetween(from: Instant, to: Instant): readonly Instant[] {
  const hours: Instant[] = [];
  for (let at = Math.ceil(from / HOUR) * HOUR; at < to; at += HOUR) hours.push(at);
  return hours;
}

const HEIGHT = 120;
const LEFT = 46;
const HOUR_WIDTH = 44;

/** Parts inside over time, as steps. */
function InsideChart({ course, from, to }: { readonly course: RunCourse; readonly from: Instant; readonly to: Instant }): ReactNode {
  const { t, zone } = useWords();
  const { ref, width: measured } = useElementSize();
  const width = Math.max(240, measured);
  const before = course.inside.findLast(({ at }) => at <= from)?.count ?? course.inside[0]?.count ?? 0;
  const steps = [{ at: from, count: before }, ...course.inside.filter(({ at }) => at > from && at < to)];
  const most = Math.max(1, ...steps.map(({ count }) => count));
  const x = (at: Instant): number => LEFT + ((at - from) / Math.max(1, to - from)) * (width - LEFT);
  const y = (count: number): number => HEIGHT - 18 - (count / most) * (HEIGHT - 28);
  const every = Math.max(1, Math.ceil((HOUR_WIDTH * (to - from)) / HOUR / (width - LEFT)));
  const path = steps
    .map(({ at, count }, index) => (index === 0 ? `M${x(at)} ${y(count)}` : `H${x(at).toFixed(1)}V${y(count).toFixed(1)}`))
    .join("");
  return (
    <div ref={ref}>
      <svg viewBox={`0 0 ${width} ${HEIGHT}`} height={HEIGHT} className="dw-chart" role="img" aria-label={t("simulate.experiments.inside")}>
        {[0, most].map((count) => (
          <g key={count}>
            <line x1={LEFT} x2={width} y1={y(count)} y2={y(count)} className="dw-grid-line" />
            <text x={LEFT - 6} y={y(count) + 4} textAnchor="end">
              {count}
            </text>
          </g>
        ))}
        {hoursBetween(from + HOUR / 4, to - HOUR / 8)
          .filter((_, index) => index % every === 0)
          .map((at) => (
            <text key={at} x={x(at)} y={HEIGHT - 4} textAnchor="middle">
              {clockText(at, zone, false)}
            </text>
          ))}
        <path d={`${path}H${width}`} fill="none" stroke="var(--hue, var(--dw-accent))" strokeWidth="1.5" />
      </svg>
      <p className="dw-fine">{t("simulate.experiments.insideNote")}</p>
    </div>
  );
}
