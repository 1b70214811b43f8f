import { ActionIcon, Tooltip, UnstyledButton } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import {
  AlarmShape,
  clockText,
  dateText,
  durationText,
  inLanguage,
  momentText,
  stateLook,
  useScope,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import { isSuppressed } from "./active-alarms.ts";
import { AlarmActions } from "./alarm-actions.tsx";
import { useAlarmDetails } from "./opened-details.ts";
import { listedAlarm } from "./occurrences/listed.ts";
import { useShownInstant } from "./occurrences/occurrence-row.tsx";
import { asideText } from "./occurrences/occurrence-text.ts";
import "./alarms.css";

/** One alarm on one line: priority, time, words, value; what may be done appears on hover and focus. */
export function AlarmRow({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const now = useShownInstant();
  const openDetails = useAlarmDetails();
  const unacknowledged = alarm.state === "unacknowledged" || alarm.state === "returnedUnacknowledged";
  const at = alarm.since;
  const sameDay = time.instant() - at < 20 * 3_600_000_000;
  return (
    <div className={`dw-alarm ${unacknowledged ? "is-fresh" : ""} ${alarm.state === "returnedUnacknowledged" ? "is-returned" : ""}`}>
      <AlarmShape priority={alarm.priority} blinking={alarm.state === "unacknowledged"} />
      <Tooltip label={momentText(at, zone, language)} openDelay={400}>
        <span className="dw-alarm-time">
          {!sameDay && <i>{dateText(at, zone, language)}</i>} {clockText(at, zone, false)}
        </span>
      </Tooltip>
      <UnstyledButton className="dw-alarm-title" onClick={() => studio.address.go({ subject: alarm.station, inspector: true })}>
        {inLanguage(alarm.title, language)}
        {alarm.place !== undefined && ` · ${t("alarms.place", { place: alarm.place })}`}
      </UnstyledButton>
      {alarm.state !== "returnedUnacknowledged" && (
        <span className="dw-alarm-value">{alarmValue(alarm, t) ?? durationText(time.instant() - alarm.since, language)}</span>
      )}
      {alarm.state === "returnedUnacknowledged" && <small className="dw-alarm-aside">{t("alarms.returnedOpen")}</small>}
      {isSuppressed(alarm) && <small className="dw-alarm-aside">{asideText(listedAside(alarm), { t, language, zone, now })}</small>}
      <ActionIcon
        size={32}
        variant="subtle"
        color="gray"
        aria-haspopup="dialog"
        aria-label={t("alarms.details.of", { title: inLanguage(alarm.title, language) })}
        title={t("alarms.details.open")}
        onClick={() => openDetails(listedAlarm(alarm, new Map()))}
      >
        <IconInfoCircle size={16} />
      </ActionIcon>
      <AlarmActions alarm={alarm} />
    </div>
  );
}

function listedAside({ state, by, shelvedUntil, reason, changed }: AlarmItem): Parameters<typeof asideText>[0] {
  return {
    state,
    suppressed: changed,
    ...(by !== undefined && { suppressedBy: by }),
    ...(shelvedUntil !== undefined && { shelvedUntil }),
    ...(reason !== undefined && { reason }),
  };
}

/** The value that raised the alarm; the word of a state in the reader's language. */
function alarmValue(alarm: AlarmItem, t: Translate): string | undefined {
  if (alarm.value === undefined) return undefined;
  return /^[a-zA-Z]+$/.test(alarm.value) ? t(`state.${stateLook(alarm.value)}`) : alarm.value;
}
