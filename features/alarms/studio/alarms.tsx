import { SegmentedControl, Switch, TextInput, UnstyledButton } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { DAY, HOUR } from "@doppelwerk/world";
import {
  AlarmShape,
  Empty,
  Failure,
  clockText,
  dateText,
  durationText,
  inLanguage,
  momentText,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
  whyNoAlarms,
} from "@doppelwerk/kit/studio";
import { history as transitions } from "../calls.ts";
import { AlarmActions, alarmValue } from "./alarm-row.tsx";
import { gravestFirst } from "./gravest-first.ts";
import { isAside, isStanding } from "./standing.ts";
import { toldTransitions } from "./told.ts";
import "./alarms.css";

type Shelf = "standing" | "shelved" | "history";

/** Alarms after ISA-18.2: what stands at the instant shown, what is shelved and why, and every transition. */
export default function Alarms(): ReactNode {
  const studio = useStudio();
  const { subject, time } = useScope();
  const { t, language, zone } = useWords();
  const snapshot = useStore(studio.snapshot);
  const world = useStore(studio.world);
  const shown = useStore(time.shown);
  const [shelf, setShelf] = useState<Shelf>("standing");
  const [search, setSearch] = useState("");
  const [everything, setEverything] = useState(false);
  const history = useLoad(
    shelf !== "history"
      ? undefined
      : (signal) => {
          const to = time.instant();
          return transitions(studio.client, { query: { from: to - 7 * DAY, to } }, { signal });
        },
    [shelf, shown === undefined ? "live" : Math.round(shown / 30e6)],
  );
  const all = snapshot?.alarms ?? [];
  const shelved = all.filter(isAside);
  const standing = all.filter(isStanding);
  const past = everything ? (history.value ?? []) : toldTransitions(history.value ?? []);
  const list = shelf === "standing" ? standing : shelf === "shelved" ? shelved : past;
  const needle = search.trim().toLowerCase();
  const found = list.filter(
    (alarm) => needle === "" || `${alarm.station} ${alarm.title.en} ${alarm.title.zh}`.toLowerCase().includes(needle),
  );
  const sorted = shelf === "history" ? found : found.toSorted(gravestFirst);
  const alarmMoment = (at: number): string =>
    shelf !== "history" && Math.abs((snapshot?.instant ?? studio.now()) - at) < 20 * HOUR
      ? clockText(at, zone)
      : momentText(at, zone, language);
  const lastTen = standing.filter((alarm) => (snapshot?.instant ?? 0) - alarm.since < 600e6).length;
  return (
    <div className="dw-page dw-alarms">
      <div className="dw-tools">
        <SegmentedControl
          size="sm"
          value={shelf}
          onChange={(value) => setShelf(value as Shelf)}
          data={[
            { value: "standing", label: `${t("alarms.standing")} ${standing.length}` },
            { value: "shelved", label: `${t("alarms.aside")} ${shelved.length}` },
            { value: "history", label: t("alarms.history") },
          ]}
        />
        <TextInput
          size="sm"
          leftSection={<IconSearch size={14} />}
          placeholder={t("alarms.search")}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
          aria-label={t("alarms.search")}
        />
        {shelf === "history" && (
          <Switch
            size="sm"
            label={t("alarms.withSuppressed")}
            checked={everything}
            onChange={(event) => setEverything(event.currentTarget.checked)}
          />
        )}
        <span className="dw-grow" />
        <small className={lastTen > 10 ? "dw-flood" : "dw-quiet-text"}>
          {lastTen > 10 ? t("alarms.flood", { count: lastTen }) : t("alarms.rate", { count: lastTen })}
        </small>
      </div>
      <div className="dw-scroll dw-alarm-table">
        {shelf === "history" && history.kind === "failed" ? (
          <Failure message={history.message} onRetry={history.reload} />
        ) : sorted.length === 0 ? (
          (snapshot !== undefined || world?.empty === true) && (
            <Empty title={whyNoAlarms(snapshot, t) ?? t(`alarms.empty.${shelf}`)} text={t(`alarms.emptyText.${shelf}`)} />
          )
        ) : (
          <table className="dw-table">
            <thead>
              <tr>
                <th aria-label={t("alarms.priority")} />
                <th>{shelf === "history" ? t("alarms.changed") : t("alarms.since")}</th>
                <th>{t("alarms.station")}</th>
                <th>{t("alarms.title")}</th>
                <th className="is-number">{t("alarms.value")}</th>
                <th>{t("alarms.stateTitle")}</th>
                <th className="dw-wide">{shelf === "history" ? t("alarms.by") : t("alarms.duration")}</th>
                <th aria-label={t("alarms.actions")} />
              </tr>
            </thead>
            <tbody>
              {sorted.map((alarm) => (
                <tr
                  key={`${alarm.id} ${alarm.changed}`}
                  className={`is-link ${alarm.station === subject ? "is-selected" : ""} ${alarm.state === "unacknowledged" ? "is-fresh" : ""}`}
                  onClick={() => {
                    studio.address.go({ subject: alarm.station, inspector: true });
                    if (shelf === "history") time.goTo(alarm.changed);
                  }}
                >
                  <td className="dw-alarm-mark">
                    <AlarmShape priority={alarm.priority} blinking={alarm.state === "unacknowledged" && shelf !== "history"} size={14} />
                    <small className={`dw-p${alarm.priority}`}>{alarm.priority}</small>
                  </td>
                  <td className="dw-nowrap">
                    <span className="dw-wide">{alarmMoment(shelf === "history" ? alarm.changed : alarm.since)}</span>
                    <span className="dw-narrow dw-alarm-time">
                      <i>{dateText(shelf === "history" ? alarm.changed : alarm.since, zone, language)}</i>{" "}
                      {clockText(shelf === "history" ? alarm.changed : alarm.since, zone, false)}
                    </span>
                  </td>
                  <td>
                    <UnstyledButton>{alarm.station}</UnstyledButton>
                  </td>
                  <td>
                    {inLanguage(alarm.title, language)}
                    {alarm.firstOut === true && <span className="dw-badge dw-gap-left">{t("alarms.firstOut")}</span>}
                  </td>
                  <td className="is-number dw-nowrap">{alarmValue(alarm, t) ?? ""}</td>
                  <td className="dw-nowrap">{t(`alarms.state.${alarm.state}`)}</td>
                  <td className="dw-nowrap dw-wide">
                    {shelf === "history" ? (alarm.by ?? "") : durationText((snapshot?.instant ?? studio.now()) - alarm.since, language)}
                  </td>
                  <td onClick={(event) => event.stopPropagation()}>{shelf !== "history" && <AlarmActions alarm={alarm} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </div>
  );
}
