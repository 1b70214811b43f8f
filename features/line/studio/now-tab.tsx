import type { ReactNode } from "react";
import type { StationSnapshot } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import {
  IndicatorBar,
  SignalValue,
  Spark,
  StateStrip,
  byRelevance,
  clockText,
  durationText,
  signalName,
  stateLook,
  stationWord,
  useStore,
  useStudio,
  useSubject,
  useWords,
  whyNoCount,
} from "@doppelwerk/kit/studio";

const SHOWN_VALUES = 6;

/** What the station is doing, why, and its values. */
export default function NowTab(): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const subject = useSubject();
  const snapshot = useStore(studio.snapshot);
  const states = useStore(studio.states);
  if (subject === undefined) return null;
  const { station, now } = subject;
  const instant = snapshot?.instant ?? studio.now();
  const look = stateLook(now?.state ?? "unknown");
  const places = now === undefined || now.places.length < 2 ? [station.id] : now.places.map((_, index) => `${station.id}/${index}`);
  return (
    <>
      <section className="dw-block">
        <header>
          <h3>{t("line.inspector.state")}</h3>
          <span>{clockText(instant, zone)}</span>
        </header>
        <p className={`dw-state is-${look}`}>
          <i className={`dw-chip is-${look}`} />
          <b>{stationWord(now, t)}</b>
          {now !== undefined && look !== "running" && now.cause !== "unknown" && <span>{t.or(`line.cause.${now.cause}`, now.cause)}</span>}
          {now !== undefined && now.since > 0 && <NowSince now={now} instant={instant} />}
          {now?.inferred === true && <span className="dw-badge">{t("line.inspector.inferred")}</span>}
        </p>
        <div className="dw-place-strips">
          {places.map((key, index) => (
            <div key={key}>
              {places.length > 1 && <small>{index + 1}</small>}
              <StateStrip spans={states.get(key) ?? []} from={instant - HOUR} to={instant} height={places.length > 1 ? 10 : 12} />
            </div>
          ))}
        </div>
        <div className="dw-strip-scale">
          <span>{clockText(instant - HOUR, zone, false)}</span>
          <span>{clockText(instant, zone, false)}</span>
        </div>
      </section>
      <section className="dw-block">
        <dl className="dw-facts">
          <dt>{t("line.inspector.good")}</dt>
          <dd>
            {now?.good !== undefined && (now.reworked ?? 0) > 0
              ? t("line.inspector.goodOf", { good: now.good, first: now.good - now.reworked! })
              : (now?.good ?? whyNoCount(snapshot, t, zone))}
          </dd>
          <dt>{t("line.inspector.lastCycle")}</dt>
          <dd>{now?.lastCycleS === undefined ? "–" : `${now.lastCycleS.toFixed(1)}\u202fs`}</dd>
          <dt>{t("line.inspector.buffer")}</dt>
          <dd>{now === undefined ? "–" : `${now.buffer.count} / ${now.buffer.capacity}`}</dd>
        </dl>
      </section>
      {byRelevance(station.processValues, (id) => studio.signals.entry(id))
        .slice(0, SHOWN_VALUES)
        .map((id) => (
          <ProcessValue key={id} id={id} />
        ))}
    </>
  );
}

function ProcessValue({ id }: { readonly id: string }): ReactNode {
  const studio = useStudio();
  const { language } = useWords();
  const entry = studio.signals.entry(id);
  if (entry === undefined) return null;
  return (
    <section className="dw-block">
      <header>
        <h3 title={entry.name}>{signalName(entry, language)}</h3>
        <SignalValue id={id} />
      </header>
      <IndicatorBar id={id} />
      <Spark
        id={id}
        {...(entry.low === undefined ? {} : { low: entry.low })}
        {...(entry.high === undefined ? {} : { high: entry.high })}
        height={36}
      />
    </section>
  );
}

/** For how long: of a stop or wait that a break parts from its beginning since then, and in the break what it interrupts. */
function NowSince({
  now,
  instant,
}: {
  readonly now: Pick<StationSnapshot, "held" | "since" | "state">;
  readonly instant: number;
}): ReactNode {
  const { t, language, zone } = useWords();
  const { held, since, state } = now;
  if (held === undefined || state !== "break")
    return <span>{t("line.inspector.since", { duration: durationText(instant - (held?.since ?? since), language) })}</span>;
  const word = t.or(`state.${stateLook(held.state)}`, held.state).toLowerCase();
  return <span>{t("line.inspector.heldSince", { state: word, clock: clockText(held.since, zone, false) })}</span>;
}
