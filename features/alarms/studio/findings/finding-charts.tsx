import { useMemo } from "react";
import type { ReactNode } from "react";
import { AlarmShape, clockText, datedText, inLanguage, percentText, useWords } from "@doppelwerk/kit/studio";
import { alarmFindings, FLOOD_COUNT, type AlarmFindings } from "../../model/alarm-findings.ts";
import type { SpanName, ReadOccurrences } from "../occurrences/use-occurrences.ts";
import { HOUR } from "@doppelwerk/world";
import "./findings.css";

/** Rules in the Pareto chart: as many as its height holds. */
const MAX_RULES = 6;

interface FindingsProps {
  readonly read: ReadOccurrences;
  readonly span: SpanName;
  /** Shows the occurrences of one rule, by its title. */
  readonly onRule: (title: string) => void;
}

/** What the alarms of the span show: floods, the most frequent rules, the split by priority (ISA-18.2, EEMUA 191). */
export function FindingCharts({ read, span, onRule }: FindingsProps): ReactNode {
  const { t } = useWords();
  const found = useMemo(() => alarmFindings(read.occurrences, read.from, read.to, MAX_RULES), [read]);
  return (
    <section className="dw-alarm-findings" aria-label={t("alarms.findings.title")}>
      <Finding title={floodTitle(found, span, t)} note={t("alarms.findings.floodNote", { limit: FLOOD_COUNT })}>
        <RateColumns found={found} from={read.from} to={read.to} />
      </Finding>
      <Finding title={paretoTitle(found, t)} note={t("alarms.findings.paretoNote")}>
        <Pareto found={found} onRule={onRule} />
      </Finding>
      <Finding title={t("alarms.findings.split")} note={t("alarms.findings.splitNote")}>
        <PrioritySplit found={found} />
      </Finding>
    </section>
  );
}

type Words = ReturnType<typeof useWords>["t"];

function floodTitle({ floods, floodShare, count }: AlarmFindings, span: SpanName, t: Words): string {
  const time = t(`alarms.span.${span}`);
  if (count === 0) return t("alarms.findings.noAlarms", { span: time });
  if (floods.length === 0) return t("alarms.findings.noFlood", { span: time });
  return t("alarms.findings.floods", { count: floods.length, share: percentText(floodShare, 1), span: time });
}

function paretoTitle({ rules, count }: AlarmFindings, t: Words): string {
  if (rules.length === 0) return t("alarms.findings.noRules");
  return t("alarms.findings.pareto", { rules: rules.length, share: percentText(rules.at(-1)!.upTo, 0), count });
}

function Finding({ title, note, children }: { readonly title: string; readonly note: string; readonly children: ReactNode }): ReactNode {
  return (
    <figure className="dw-alarm-finding">
      <figcaption>
        <b title={title}>{title}</b>
        <small title={note}>{note}</small>
      </figcaption>
      {children}
    </figure>
  );
}

/** Alarms in ten minutes over the span, and where a flood begins. */
function RateColumns({ found, from, to }: { readonly found: AlarmFindings; readonly from: number; readonly to: number }): ReactNode {
  const { t, language, zone } = useWords();
  const top = Math.max(FLOOD_COUNT * 1.2, ...found.columns);
  const width = 100 / found.columns.length;
  const limit = 100 - (FLOOD_COUNT / top) * 100;
  const isShort = to - from <= 25 * HOUR;
  const clock = (at: number): string => (isShort ? clockText(at, zone, false) : datedText(at, to, zone, language));
  const label = t("alarms.findings.columns", { most: Math.max(0, ...found.columns), rate: found.per10Min.toFixed(1) });
  return (
    <div className="dw-alarm-finding-rate">
      <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={label}>
        {found.columns.map((count, at) => (
          <rect
            key={from + at}
            x={at * width}
            y={100 - (count / top) * 100}
            width={width * 0.8}
            height={(count / top) * 100}
            className={count > FLOOD_COUNT ? "is-flood" : undefined}
          />
        ))}
        <line x1={0} x2={100} y1={limit} y2={limit} vectorEffect="non-scaling-stroke" />
      </svg>
      <i style={{ top: `${limit}%` }}>{FLOOD_COUNT}</i>
      <p aria-hidden>
        <span>{clock(from)}</span>
        <span>{clock((from + to) / 2)}</span>
        <span>{clock(to)}</span>
      </p>
    </div>
  );
}

function Pareto({ found: { rules }, onRule }: { readonly found: AlarmFindings } & Pick<FindingsProps, "onRule">): ReactNode {
  const { t, language } = useWords();
  const most = rules[0]?.count ?? 1;
  return (
    <ol className="dw-alarm-finding-pareto">
      {rules.map(({ rule, title, count, upTo }) => {
        const name = inLanguage(title, language);
        return (
          <li key={rule}>
            <button type="button" title={t("alarms.findings.ofRule", { rule: name })} onClick={() => onRule(name)}>
              {name}
            </button>
            <span>
              <i style={{ width: `${(count / most) * 100}%` }} />
            </span>
            <b>{count}</b>
            <small>{percentText(upTo, 0)}</small>
          </li>
        );
      })}
    </ol>
  );
}

function PrioritySplit({ found: { split, per10Min, chattering, stale } }: { readonly found: AlarmFindings }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <ul className="dw-alarm-finding-split">
        {split.map(({ priority, share, aim }) => (
          <li key={priority} title={t("alarms.findings.aim", { aim: percentText(aim, 0) })}>
            <AlarmShape priority={priority} size={12} />
            <span>
              <i style={{ width: `${share * 100}%` }} />
              <u style={{ left: `${aim * 100}%` }} />
            </span>
            <b>{percentText(share, 1)}</b>
          </li>
        ))}
      </ul>
      <dl className="dw-alarm-finding-facts">
        <dt>{t("alarms.findings.mean")}</dt>
        <dd>{per10Min.toFixed(1)}</dd>
        <dt>{t("alarms.findings.chattering")}</dt>
        <dd>{chattering}</dd>
        <dt>{t("alarms.findings.stale")}</dt>
        <dd>{stale}</dd>
      </dl>
    </>
  );
}
