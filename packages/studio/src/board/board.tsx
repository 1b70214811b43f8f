import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { HOUR, LIVE } from "@doppelwerk/world";
import type { Kpis, LineInfo, Snapshot, StationInfo } from "@doppelwerk/client";
import { AlarmRow } from "../alarms/alarm-row.tsx";
import { gravestFirst } from "../alarms/gravest-first.ts";
import { isStanding } from "../alarms/standing.ts";
import {
  Card,
  Empty,
  Failure,
  StateStrip,
  Waiting,
  clockText,
  durationText,
  fixedText,
  lookShares,
  percentText,
  stateLook,
  stationName,
  stationWord,
  useShiftKpis,
  useStore,
  useStudio,
  useWords,
  whyNoAlarms,
  whyNoCount,
  whyNoFigures,
} from "@doppelwerk/ui";
import { BottleneckCard } from "./bottleneck-card.tsx";
import { OutputCard } from "./output-card.tsx";
import { PlaceValuesCard } from "./place-values-card.tsx";
import "./board.css";

/** The control room: is the shift on its way, where does the time go, what is wrong. */
export function Board(): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  const failure = useStore(studio.loadFailure);
  const kpis = useShiftKpis();
  const { branch } = useStore(studio.address.store);
  if (world !== undefined && !world.line && branch === LIVE)
    return (
      <Empty
        title={t("world.emptyTitle")}
        text={t("world.emptyText")}
        action={t("view.connect")}
        onAction={() => studio.address.go({ view: "connect" })}
      />
    );
  if (line === undefined || snapshot === undefined) return failure === undefined ? <Waiting /> : <Failure message={failure} />;
  const why = whyNoFigures(kpis, snapshot, t, zone);
  return (
    <div className="dw-page dw-board">
      <OutputCard snapshot={snapshot} kpis={kpis.value} />
      <TimeCard kpis={kpis.value} why={why} snapshot={snapshot} />
      <OeeCard kpis={kpis.value} why={why} line={line} snapshot={snapshot} />
      <StationsCard line={line} snapshot={snapshot} />
      <AlarmsCard snapshot={snapshot} />
      <BottleneckCard kpis={kpis.value} why={why} />
      <PlaceValuesCard line={line} />
    </div>
  );
}

/** Minutes by state over all stations but rework, then the worst single stops by name. */
function TimeCard({
  kpis,
  why,
  snapshot,
}: {
  readonly kpis: Kpis | undefined;
  readonly why: string;
  readonly snapshot: Snapshot;
}): ReactNode {
  const { t, language, zone } = useWords();
  const from = kpis?.from ?? snapshot.shift?.from;
  const rows = kpis === undefined ? [] : timeRows(kpis, t);
  const reaching = reachesPast(kpis, snapshot);
  const most = Math.max(1, ...rows.map((row) => row.seconds));
  const note =
    kpis === undefined
      ? why
      : `${t("board.minutesOf", { duration: durationText(kpis.plannedBusyS * 1e6, language) })} · ${t("board.unknown", { duration: durationText(kpis.unknownS * 1e6, language) })}`;
  return (
    <Card
      className="dw-board-time"
      title={
        from === undefined || kpis === undefined
          ? t("board.whereTime")
          : t(reaching ? "board.whereTimeTo" : "board.whereTimeSince", {
              station: kpis?.constraint ?? "",
              clock: clockText(from, zone, false),
              to: clockText(kpis?.to ?? 0, zone, false),
            })
      }
      note={note}
    >
      <div className="dw-bars">
        {rows.map((row) => (
          <div key={row.label} className="dw-bar-line">
            <span>{row.label}</span>
            <div>
              <i className={`dw-chip is-${row.look}`} style={{ width: `${Math.max(0.4, (row.seconds / most) * 88)}%` }} />
              <b>{Math.round(row.seconds / 60)}</b>
            </div>
          </div>
        ))}
      </div>
    </Card>
  );
}

/** In the past the figures may be those of the whole shift; then the screen says up to when. */
function reachesPast(kpis: Kpis | undefined, snapshot: Snapshot): boolean {
  return kpis !== undefined && kpis.to > snapshot.instant + 60_000_000;
}

const TIME_ROWS = 7;

function timeRows(
  kpis: Kpis,
  t: (key: string, values?: Record<string, unknown>) => string,
): readonly { readonly label: string; readonly look: string; readonly seconds: number }[] {
  const constraint = kpis.timeShares.find((row) => row.station === kpis.constraint);
  const total = Object.values(constraint?.seconds ?? {}).reduce((sum, value) => sum + value, 0);
  const own = lookShares(constraint?.seconds ?? {}).map(({ look, share }) => ({
    label: t(`state.${look}`),
    look: look as string,
    seconds: share * total,
  }));
  const elsewhere = kpis.topStops
    .filter((stop) => stop.station !== kpis.constraint)
    .slice(0, Math.max(0, TIME_ROWS - own.length))
    .map((stop) => ({
      label: t("board.stopAt", { station: stop.station, state: t(`state.${stateLook(stop.state)}`).toLowerCase() }),
      look: stateLook(stop.state) as string,
      seconds: stop.seconds,
    }));
  return [...own, ...elsewhere].slice(0, TIME_ROWS);
}

function OeeCard({
  kpis,
  why,
  line,
  snapshot,
}: {
  readonly kpis: Kpis | undefined;
  readonly why: string;
  readonly line: LineInfo;
  readonly snapshot: Snapshot;
}): ReactNode {
  const { t, zone } = useWords();
  const findings = (kpis?.findings ?? []).map((finding) => findingText(finding, t));
  // What concerns the constraint's own figure stands under it; the rest is on hover.
  const own = (kpis?.findings ?? [])
    .filter((finding) => finding.startsWith(`${kpis?.constraint}:`))
    .map((finding) => findingText(finding, t));
  const parts = [
    { label: t("board.availability"), value: kpis?.availability },
    { label: t("board.effectiveness"), value: kpis?.effectiveness },
    { label: t("board.qualityRatio"), value: kpis?.qualityRatio },
  ];
  return (
    <Card
      className="dw-board-oee"
      title={t("board.oeeAt", { station: kpis?.constraint ?? line.constraint })}
      note={
        kpis === undefined ? why : reachesPast(kpis, snapshot) ? t("board.upTo", { clock: clockText(kpis.to, zone, false) }) : "ISO 22400-2"
      }
    >
      <p
        className="dw-figure"
        title={
          kpis === undefined
            ? ""
            : t("board.oeeCounts", {
                good: kpis.good,
                produced: kpis.produced,
                busy: Math.round(kpis.plannedBusyS / 60),
                actual: Math.round(kpis.actualProductionS / 60),
                ideal: fixedText(kpis.idealCycleS, 1),
              })
        }
      >
        <b>{fixedText(kpis?.oee === undefined ? undefined : kpis.oee * 100, 1)}</b>
        <span>%</span>
      </p>
      {parts.map((part) => (
        <div key={part.label} className="dw-oee-line">
          <span>{part.label}</span>
          <span>{percentText(part.value)}</span>
          <i>
            <i style={{ width: `${Math.min(1, part.value ?? 0) * 100}%` }} />
          </i>
        </div>
      ))}
      {own.slice(0, 1).map((finding) => (
        <small key={finding} className="dw-finding" title={findings.join("\n")}>
          {finding}
        </small>
      ))}
    </Card>
  );
}

/** `T30: over100 1.07` in words; a finding of another form is shown as it came. */
function findingText(finding: string, t: (key: string, values?: Record<string, unknown>) => string): string {
  const [, station, kind, value] = /^(\S+): (\w+) ([\d.]+)$/.exec(finding) ?? [];
  if (kind === undefined) return finding;
  return t(`finding.${kind}`, {
    station,
    value: Number(value),
    percent: (Number(value) * 100).toFixed(0),
    minutes: Math.max(1, Math.round(Number(value) / 60)),
    defaultValue: finding,
  });
}

function StationsCard({ line, snapshot }: { readonly line: LineInfo; readonly snapshot: Snapshot }): ReactNode {
  const { t } = useWords();
  return (
    <Card className="dw-board-stations" title={t("board.stations")} note={t("board.stationsNote")}>
      <div className="dw-station-rows">
        {line.stations.map((station) => (
          <StationRow key={station.id} station={station} snapshot={snapshot} taktS={line.taktS} />
        ))}
      </div>
    </Card>
  );
}

function StationRow({
  station,
  snapshot,
  taktS,
}: {
  readonly station: StationInfo;
  readonly snapshot: Snapshot;
  readonly taktS: number;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const states = useStore(studio.states);
  const { subject } = useStore(studio.address.store);
  const now = snapshot.stations.find((candidate) => candidate.id === station.id);
  const buffer = now?.buffer;
  const full = buffer !== undefined && buffer.capacity > 0 && buffer.count >= buffer.capacity;
  return (
    <UnstyledButton
      className={`dw-station-row ${subject === station.id ? "is-selected" : ""}`}
      title={`${stationName(station, language)} · ${stationWord(now, t)}`}
      onClick={() => studio.address.go({ subject: station.id })}
    >
      <b>{station.id}</b>
      <StateStrip spans={states.get(station.id) ?? []} from={snapshot.instant - HOUR} to={snapshot.instant} height={12} />
      <CycleDot actualS={now?.lastCycleS} idealS={station.idealCycleS} places={station.places} taktS={taktS} />
      <span className="dw-cycle">{now?.lastCycleS === undefined ? "–" : `${fixedText(now.lastCycleS, 1)}\u202fs`}</span>
      <span
        className={`dw-buffer ${full ? "is-full" : ""} ${station.constraint ? "is-constraint" : ""}`}
        title={buffer === undefined ? "" : `${buffer.count} / ${buffer.capacity}`}
      >
        {Array.from({ length: Math.min(10, buffer?.capacity ?? 0) }, (_, index) => (
          <i key={index} className={index < (buffer?.count ?? 0) ? "is-taken" : ""} />
        ))}
      </span>
      <span className="dw-good" title={now?.good === undefined ? whyNoCount(snapshot, t, zone) : ""}>
        {now?.good ?? "–"}
      </span>
    </UnstyledButton>
  );
}

/** Last cycle against the ideal: the line from −20 % to +20 %, the tick at ideal, orange when it is well over it and over the takt too. */
function CycleDot({
  actualS,
  idealS,
  places,
  taktS,
}: {
  readonly actualS: number | undefined;
  readonly idealS: number;
  readonly places: number;
  readonly taktS: number;
}): ReactNode {
  const x = actualS === undefined || idealS <= 0 ? undefined : Math.min(98, Math.max(2, 50 + ((actualS / idealS - 1) / 0.4) * 100));
  const slow = actualS !== undefined && actualS > idealS * 1.15 && actualS / places > taktS * 1.02;
  return (
    <svg className={`dw-cycle-dot ${slow ? "is-slow" : ""}`} viewBox="0 0 100 14" preserveAspectRatio="none" height="14" aria-hidden>
      <line x1="0" x2="100" y1="7" y2="7" className="dw-grid-line" vectorEffect="non-scaling-stroke" />
      <rect x="40" y="2" width="20" height="10" className="dw-cycle-band" />
      <line x1="50" x2="50" y1="2" y2="12" className="dw-cycle-ideal" vectorEffect="non-scaling-stroke" />
      {x !== undefined && <line x1={x} x2={x} y1="7" y2="7.01" className="dw-cycle-mark" vectorEffect="non-scaling-stroke" />}
    </svg>
  );
}

const ALARMS_SHOWN = 14;

function AlarmsCard({ snapshot }: { readonly snapshot: Snapshot }): ReactNode {
  const { t } = useWords();
  const standing = snapshot.alarms.filter(isStanding);
  const shelved = snapshot.alarms.filter((alarm) => alarm.state === "shelved").length;
  const lastTen = standing.filter((alarm) => snapshot.instant - alarm.since < 600e6).length;
  return (
    <Card
      className="dw-board-alarms"
      title={t("view.alarms")}
      note={`${t("alarms.rate", { count: lastTen })} · ${shelved === 0 ? t("alarms.noneShelved") : t("alarms.shelvedCount", { count: shelved })}`}
    >
      <div className="dw-scroll">
        {standing.length === 0 && <p className="dw-quiet">{whyNoAlarms(snapshot, t) ?? t("alarms.empty.standing")}</p>}
        {[...standing]
          .sort(gravestFirst)
          .slice(0, ALARMS_SHOWN)
          .map((alarm) => (
            <AlarmRow key={alarm.id} alarm={alarm} />
          ))}
      </div>
    </Card>
  );
}
