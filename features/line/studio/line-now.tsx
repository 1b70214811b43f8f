import { Button, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import {
  AlarmShape,
  isNamedById,
  stateLook,
  stationName,
  stationTitle,
  stationWord,
  useStore,
  useStudio,
  useWords,
  wipText,
} from "@doppelwerk/kit/studio";

/** Nothing selected: the line at a glance, each station one row and one click. */
export default function LineNow(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const line = useStore(studio.line);
  const snapshot = useStore(studio.snapshot);
  const unread = (line?.stations ?? []).filter(
    ({ id, signals: { VendorState: signal } }) =>
      signal !== undefined && snapshot?.stations.some((now) => now.id === id && now.state === "unknown"),
  );
  return (
    <>
      {snapshot?.reading !== undefined && unread.length > 0 && (
        <section className="dw-block">
          <p className="dw-fine">
            {t("line.inspector.statesReading", { count: unread.length, percent: Math.floor(snapshot.reading * 100) })}
          </p>
        </section>
      )}
      {snapshot?.live === true && snapshot.reading === undefined && unread.length > 0 && (
        <section className="dw-block">
          <p className="dw-fine">{t("line.inspector.statesUnread", { count: unread.length })}</p>
          <Button
            size="compact-sm"
            variant="default"
            onClick={() => studio.address.go({ view: "connect", detail: `states:${unread[0]!.id}` })}
          >
            {t("line.inspector.statesGo")}
          </Button>
        </section>
      )}
      <section className="dw-block">
        <header>
          <h3>{t("line.inspector.stations")}</h3>
          <span>
            {snapshot === undefined || snapshot.stations.length === 0 ? "" : t("line.inspector.wip", { value: wipText(snapshot, t, zone) })}
          </span>
        </header>
        <ul className="dw-station-list">
          {(line?.stations ?? []).map((station) => {
            const now = snapshot?.stations.find((candidate) => candidate.id === station.id);
            const look = stateLook(now?.state ?? "unknown");
            return (
              <li key={station.id}>
                <UnstyledButton title={stationTitle(station, language)} onClick={() => studio.address.go({ subject: station.id })}>
                  <i className={`dw-chip is-${look}`} />
                  {!isNamedById(station) && <b>{station.id}</b>}
                  <span>{stationName(station, language)}</span>
                  {now?.alarm !== undefined && <AlarmShape priority={now.alarm} size={11} />}
                  <small>{stationWord(now, t)}</small>
                </UnstyledButton>
              </li>
            );
          })}
        </ul>
      </section>
    </>
  );
}
