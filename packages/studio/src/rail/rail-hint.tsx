import type { ReactNode } from "react";
import { SECOND } from "@doppelwerk/world";
import {
  durationText,
  fixedText,
  inLanguage,
  medianAt,
  momentText,
  nearText,
  signedText,
  stateLook,
  useStore,
  useStudio,
  useWords,
  zoneText,
} from "@doppelwerk/ui";
import { judgedText } from "./judged-text.ts";
import { beginningOf, forksAt, liveFan } from "./rail-lanes.ts";
import type { RailHit } from "./rail-hit.ts";

/** What lies under the pointer, in words, above the Rail. */
export function RailHint({ hit, x }: { readonly hit: RailHit; readonly x: number; readonly y: number }): ReactNode {
  return (
    <div className="dw-rail-hint" style={{ left: `clamp(min(156px, 50%), ${x}px, max(50%, calc(100% - 156px)))` }} role="status">
      <HintLines hit={hit} />
    </div>
  );
}

function HintLines({ hit }: { readonly hit: RailHit }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const rail = useStore(studio.rail);
  const moment = (instant: number): string => momentText(instant, zone, language, false);
  const age = (instant: number): string => t("frame.ago", { duration: durationText(studio.now() - instant, language) });
  switch (hit.kind) {
    case "mark": {
      const { name, text } = hit.lane.words(hit.mark, t);
      return (
        <>
          <b>{name}</b> {text}
          <small>
            {moment(hit.mark.at)} · {age(hit.mark.at)}
          </small>
        </>
      );
    }
    case "lane":
      return <LaneHint hit={hit} />;
    case "future": {
      const fan = rail === undefined ? [] : liveFan(rail);
      if (fan.length === 0) return <>{t("rail.future")}</>;
      return (
        <>
          <FanLines fan={fan} instant={hit.instant} />
          <Forks instant={hit.instant} />
        </>
      );
    }
    case "band":
      return (
        <>
          <b>{`${momentText(hit.instant, zone, language)} ${zoneText(hit.instant, zone)}`}</b>
          <span>{age(hit.instant)}</span>
          <small>
            {hit.title !== undefined && `${inLanguage(hit.title, language)} · `}
            {hit.segment === undefined ? t("rail.noData") : t(`state.${stateLook(hit.segment.state)}`)}
            {hit.segment !== undefined &&
              hit.segment.share < 0.995 &&
              ` · ${t("rail.share", { percent: Math.round(hit.segment.share * 100) })}`}
          </small>
          {hit.shift !== undefined && (
            <small>
              {t("rail.shift", { name: t.or(`shift.${hit.shift.name.toLowerCase()}`, hit.shift.name) })}
              {hit.shift.good !== undefined &&
                hit.shift.oee !== undefined &&
                ` · ${t(isRunning(hit.shift, rail) ? "rail.shiftSoFar" : "rail.shiftFigures", { good: hit.shift.good, oee: (hit.shift.oee * 100).toFixed(1) })}`}
            </small>
          )}
        </>
      );
  }
}

/** The figures of a shift that runs end where the Rail was read, a little behind the clock. */
const BEHIND = 10 * SECOND;

function isRunning({ to }: { readonly to: number }, rail: { readonly now: number } | undefined): boolean {
  return rail !== undefined && to >= rail.now - BEHIND;
}

function LaneHint({ hit }: { readonly hit: Extract<RailHit, { kind: "lane" }> }): ReactNode {
  const { t, language, zone } = useWords();
  const { row } = hit;
  const { judged } = row.lane;
  const moment = (instant: number): string => momentText(instant, zone, language, false);
  return (
    <>
      <b style={{ color: `var(--dw-${row.hue})` }}>{row.lane.branch.name}</b>
      {row.lane.verdict !== undefined && (
        <span>
          {judgedText(row.lane, t)}
          {judged !== undefined && ` (${signedText(judged.mean, 1)} ± ${fixedText(judged.halfWidth, 1)})`}
        </span>
      )}
      <small>
        {t("rail.forked", { moment: moment(row.from) })}
        {row.to !== undefined && ` · ${t(row.end === "merged" ? "rail.merged" : "rail.abandoned", { moment: moment(row.to) })}`}
      </small>
      {hit.median !== undefined && <FanLines fan={row.lane.fan} instant={hit.instant} branch={row.lane.branch.id} compare />}
      {hit.median !== undefined && <Forks instant={hit.instant} except={row.lane.branch.id} />}
      <small>{t("rail.enter")}</small>
    </>
  );
}

/** As many as can be read at a glance. */
const MAX_FORKS = 5;

/** The open forks side by side at the instant under the pointer. */
function Forks({ instant, except }: { readonly instant: number; readonly except?: string }): ReactNode {
  const { t } = useWords();
  const rail = useStore(useStudio().rail);
  const forks = rail === undefined ? [] : forksAt(rail, instant).filter(({ id }) => id !== except);
  if (forks.length === 0) return null;
  return (
    <ul className="dw-rail-forks">
      {forks.slice(0, MAX_FORKS).map(({ id, name, hue, median, gain }) => (
        <li key={id}>
          <i style={{ background: `var(--dw-${hue})` }} />
          <span>{name}</span>
          <b>{Math.round(median)}</b>
          <small>{t("rail.againstLive", { gain: signedText(gain, 0) })}</small>
        </li>
      ))}
      {forks.length > MAX_FORKS && <li className="is-more">{t("rail.moreForks", { count: forks.length - MAX_FORKS })}</li>}
    </ul>
  );
}

function FanLines({
  fan,
  instant,
  branch,
  compare = false,
}: {
  readonly fan: Parameters<typeof medianAt>[0];
  readonly instant: number;
  readonly branch?: string;
  readonly compare?: boolean;
}): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const rail = useStore(studio.rail);
  const line = useStore(studio.line)?.name;
  // of several bands the forecasts are those of the first
  const of = useStore(studio.railLines)[0]?.title ?? line;
  const dated = (instant: number): string => nearText(instant, studio.now(), zone, language);
  const beginning = rail === undefined ? studio.now() : beginningOf(rail, fan);
  const point = fan.find((candidate) => candidate.at >= instant) ?? fan.at(-1);
  if (point === undefined) return null;
  const reference = rail === undefined ? [] : liveFan(rail, branch);
  const live = compare && reference.length > 0 ? medianAt(reference, point.at) : undefined;
  return (
    <>
      <span>
        {t("rail.expected", { count: Math.round(point.p50), from: dated(beginning), to: dated(point.at) })}
        {live !== undefined && ` (${t("rail.liveExpected", { count: Math.round(live) })})`}
      </span>
      <small>
        {t("rail.expected95", { low: Math.round(point.p025), high: Math.round(point.p975) })} ·{" "}
        {t("rail.expected50", { low: Math.round(point.p25), high: Math.round(point.p75) })}
      </small>
      {/* the board counts from the beginning of the shift, to its end */}
      <small>{t("rail.expectedOf", { line: inLanguage(of, language) })}</small>
    </>
  );
}
