import { useMemo } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { clockText, stateLook, useWords } from "@doppelwerk/kit/studio";
import type { StateLook } from "@doppelwerk/kit/studio";
import { hoursBetween } from "./hours.ts";
import type { RunCourse } from "./run-course.ts";

/** A row a station, a band a state: what every station did when. */
export function StateGantt({ course, from, to }: { readonly course: RunCourse; readonly from: Instant; readonly to: Instant }): ReactNode {
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
