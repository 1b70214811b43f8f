import { ActionIcon, Button, Menu, Modal, TextInput, Tooltip, UnstyledButton } from "@mantine/core";
import { IconCheck, IconClockPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import {
  AlarmShape,
  clockText,
  dateText,
  durationText,
  errorText,
  inLanguage,
  momentText,
  stateLook,
  useScope,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { acknowledge, shelve, unshelve } from "../calls.ts";
import { AcknowledgeAtPlant } from "./acknowledge-at-plant.tsx";
import "./alarms.css";

/** One alarm on one line: priority, time, words, value; what may be done appears on hover and focus. */
export function AlarmRow({ alarm, past = false }: { readonly alarm: AlarmItem; readonly past?: boolean }): ReactNode {
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const unacknowledged = alarm.state === "unacknowledged" || alarm.state === "returnedUnacknowledged";
  const at = past ? alarm.changed : alarm.since;
  const sameDay = time.instant() - at < 20 * 3_600_000_000;
  return (
    <div
      className={`dw-alarm ${past ? "is-past" : ""} ${unacknowledged && !past ? "is-fresh" : ""} ${alarm.state === "returnedUnacknowledged" ? "is-returned" : ""}`}
    >
      <AlarmShape priority={alarm.priority} blinking={alarm.state === "unacknowledged" && !past} />
      <Tooltip label={momentText(at, zone, language)} openDelay={400}>
        <span className="dw-alarm-time">
          {(past || !sameDay) && <i>{dateText(at, zone, language)}</i>} {clockText(at, zone, past)}
        </span>
      </Tooltip>
      <UnstyledButton
        className="dw-alarm-title"
        onClick={() => {
          studio.address.go({ subject: alarm.station, inspector: true });
          if (past) time.goTo(at);
        }}
      >
        {inLanguage(alarm.title, language)}
      </UnstyledButton>
      <span className="dw-alarm-value">
        {past ? t(`alarms.state.${alarm.state}`) : (alarmValue(alarm, t) ?? durationText(time.instant() - alarm.since, language))}
      </span>
      {!past && <AlarmActions alarm={alarm} />}
    </div>
  );
}

/** The value that raised the alarm; the word of a state in the reader's language. */
export function alarmValue(alarm: AlarmItem, t: (key: string, values?: Record<string, unknown>) => string): string | undefined {
  if (alarm.value === undefined) return undefined;
  return /^[a-zA-Z]+$/.test(alarm.value) ? t(`state.${stateLook(alarm.value)}`) : alarm.value;
}

export function AlarmActions({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [shelvingFor, setShelvingFor] = useState<number | undefined>(undefined);
  const [reason, setReason] = useState("");
  const act = async (run: () => Promise<AlarmItem>): Promise<void> => {
    try {
      const changed = await run();
      studio.snapshot.update((snapshot) =>
        snapshot === undefined ? snapshot : { ...snapshot, alarms: snapshot.alarms.map((item) => (item.id === alarm.id ? changed : item)) },
      );
    } catch (error) {
      studio.notify("trouble", t("alarms.actionFailed"), errorText(error));
    }
  };
  const shelved = alarm.state === "shelved";
  const acknowledgeable = alarm.state === "unacknowledged" || alarm.state === "returnedUnacknowledged" || alarm.state === "latched";
  return (
    <span className="dw-alarm-actions">
      {alarm.atPlant !== undefined && <AcknowledgeAtPlant alarm={alarm} at={alarm.atPlant} />}
      {acknowledgeable && (
        <Tooltip label={t("alarms.acknowledge")}>
          <ActionIcon
            size={24}
            variant="default"
            aria-label={t("alarms.acknowledge")}
            onClick={() => void act(() => acknowledge(studio.client, { params: { id: alarm.id } }))}
          >
            <IconCheck size={14} />
          </ActionIcon>
        </Tooltip>
      )}
      {shelved ? (
        <Tooltip label={t("alarms.unshelve")}>
          <ActionIcon
            size={24}
            variant="default"
            aria-label={t("alarms.unshelve")}
            onClick={() => void act(() => unshelve(studio.client, { params: { id: alarm.id } }))}
          >
            <IconPlayerPlay size={14} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size={24} variant="default" aria-label={t("alarms.shelve")} title={t("alarms.shelve")}>
              <IconClockPause size={14} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{t("alarms.shelve")}</Menu.Label>
            {[15, 60, 480].map((minutes) => (
              <Menu.Item key={minutes} onClick={() => setShelvingFor(minutes)}>
                {t("alarms.forMinutes", { count: minutes })}
              </Menu.Item>
            ))}
          </Menu.Dropdown>
        </Menu>
      )}
      <Modal opened={shelvingFor !== undefined} onClose={() => setShelvingFor(undefined)} title={t("alarms.shelve")} centered size={400}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void act(() => shelve(studio.client, { params: { id: alarm.id }, body: { reason, untilS: shelvingFor! * 60 } }));
            setShelvingFor(undefined);
          }}
        >
          <p className="dw-quiet">{t("alarms.shelveText", { count: shelvingFor ?? 0 })}</p>
          <TextInput
            data-autofocus
            label={t("alarms.reason")}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <div className="dw-dialog-foot">
            <Button variant="default" onClick={() => setShelvingFor(undefined)}>
              {t("frame.cancel")}
            </Button>
            <Button type="submit" disabled={reason.trim() === ""}>
              {t("alarms.shelve")}
            </Button>
          </div>
        </form>
      </Modal>
    </span>
  );
}
