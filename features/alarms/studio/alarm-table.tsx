import { UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import { HOUR } from "@doppelwerk/world";
import {
  AlarmShape,
  clockText,
  dateText,
  durationText,
  inLanguage,
  momentText,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { AlarmActions } from "./alarm-actions.tsx";
import { alarmValue } from "./alarm-row.tsx";

/** One line an alarm; in the past one a transition. */
export function AlarmTable({ alarms, past }: { readonly alarms: readonly AlarmItem[]; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <table className="dw-table">
      <thead>
        <tr>
          <th aria-label={t("alarms.priority")} />
          <th>{past ? t("alarms.changed") : t("alarms.since")}</th>
          <th>{t("alarms.station")}</th>
          <th>{t("alarms.title")}</th>
          <th className="is-number">{t("alarms.value")}</th>
          <th>{t("alarms.stateTitle")}</th>
          <th className="dw-wide">{past ? t("alarms.by") : t("alarms.duration")}</th>
          <th aria-label={t("alarms.actions")} />
        </tr>
      </thead>
      <tbody>
        {alarms.map((alarm) => (
          <AlarmLine key={`${alarm.id} ${alarm.changed}`} alarm={alarm} past={past} />
        ))}
      </tbody>
    </table>
  );
}

function AlarmLine({ alarm, past }: { readonly alarm: AlarmItem; readonly past: boolean }): ReactNode {
  const studio = useStudio();
  const { subject, time } = useScope();
  const { t, language, zone } = useWords();
  const instant = useStore(studio.snapshot)?.instant ?? studio.now();
  const at = past ? alarm.changed : alarm.since;
  return (
    <tr
      className={`is-link ${alarm.station === subject ? "is-selected" : ""} ${alarm.state === "unacknowledged" ? "is-fresh" : ""}`}
      onClick={() => {
        studio.address.go({ subject: alarm.station, inspector: true });
        if (past) time.goTo(alarm.changed);
      }}
    >
      <td className="dw-alarm-mark">
        <AlarmShape priority={alarm.priority} blinking={alarm.state === "unacknowledged" && !past} size={14} />
        <small className={`dw-p${alarm.priority}`}>{alarm.priority}</small>
      </td>
      <td className="dw-nowrap">
        <span className="dw-wide">
          {!past && Math.abs(instant - at) < 20 * HOUR ? clockText(at, zone) : momentText(at, zone, language)}
        </span>
        <span className="dw-narrow dw-alarm-time">
          <i>{dateText(at, zone, language)}</i> {clockText(at, zone, false)}
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
      <td className="dw-nowrap dw-wide">{past ? (alarm.by ?? "") : durationText(instant - alarm.since, language)}</td>
      <td onClick={(event) => event.stopPropagation()}>{!past && <AlarmActions alarm={alarm} />}</td>
    </tr>
  );
}
