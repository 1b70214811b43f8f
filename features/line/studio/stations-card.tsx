import { UnstyledButton } from "@mantine/core";
import type { CSSProperties, ReactNode } from "react";
import type { Snapshot, StationInfo } from "@doppelwerk/client";
import { HOUR } from "@doppelwerk/world";
import {
  Card,
  StateStrip,
  clockText,
  fixedText,
  stationTitle,
  stationWord,
  useScope,
  useStore,
  useStudio,
  useWords,
  whyNoCount,
} from "@doppelwerk/kit/studio";
import "./cards.css";

/** Every station of the line: its last hour, last cycle, buffer and good count. */
export default function StationsCard(): ReactNode {
  const studio = useStudio();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const { t, zone } = useWords();
  if (line === undefined || snapshot === undefined) return null;
  return (
    <Card className="dw-board-stations" title={t("line.board.stations")} note={t("line.board.stationsNote")}>
      {/* one column for all rows, as wide as the longest id; a style sheet says how wide at most */}
      <div className="dw-station-rows" style={{ "--dw-station-name": `${longestId(line.stations)}ch` } as CSSProperties}>
        {line.stations.map((station) => (
          <StationRow key={station.id} station={station} snapshot={snapshot} taktS={line.taktS} />
        ))}
      </div>
      {snapshot.watchedSince !== undefined && snapshot.shift !== undefined && (
        <p className="dw-quiet">{t("line.board.watchedSince", { clock: clockText(snapshot.watchedSince, zone, false) })}</p>
      )}
    </Card>
  );
}

/** In characters; a Chinese one is as wide as two. */
function longestId(stations: readonly StationInfo[]): number {
  return Math.max(
    0,
    ...stations.map(({ id }) =>
      Array.from(id, (letter) => (/\p{Script=Han}/u.test(letter) ? 2 : 1)).reduce<number>((sum, width) => sum + width, 1),
    ),
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
  const { subject } = useScope();
  const { t, language, zone } = useWords();
  const states = useStore(studio.states);
  const now = snapshot.stations.find((candidate) => candidate.id === station.id);
  const buffer = now?.buffer;
  const full = buffer !== undefined && buffer.capacity > 0 && buffer.count >= buffer.capacity;
  return (
    <UnstyledButton
      className={`dw-station-row ${subject === station.id ? "is-selected" : ""}`}
      title={`${stationTitle(station, language)} · ${stationWord(now, t)}`}
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
      <span
        className="dw-good"
        title={
          now?.good === undefined
            ? whyNoCount(snapshot, t, zone)
            : t(station.id === snapshot.shift?.countedAt ? "line.board.goodLeft" : "line.board.goodCounted", {
                good: now.good,
                first: now.good - (now.reworked ?? 0),
                rework: now.reworked ?? 0,
              })
        }
      >
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
