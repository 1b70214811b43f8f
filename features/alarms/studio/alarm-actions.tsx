import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconCheck, IconClockPause, IconPlayerPlay } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import { errorText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { acknowledge, shelve, unshelve } from "../calls.ts";
import { AcknowledgeAtPlant } from "./acknowledge-at-plant.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";

const SHELVE_MINUTES = [15, 60, 480];

/** What may be done to an alarm in its state (ISA-18.2). */
export function AlarmActions({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const act = useAct(alarm);
  const [shelvingFor, setShelvingFor] = useState<number | undefined>(undefined);
  const params = { id: alarm.id };
  const acknowledgeable = alarm.state === "unacknowledged" || alarm.state === "returnedUnacknowledged" || alarm.state === "latched";
  return (
    <span className="dw-alarm-actions">
      {alarm.atPlant !== undefined && <AcknowledgeAtPlant alarm={alarm} at={alarm.atPlant} />}
      {acknowledgeable && (
        <ActButton
          label={t("alarms.acknowledge")}
          icon={<IconCheck size={14} />}
          onClick={() => act(acknowledge(studio.client, { params }))}
        />
      )}
      {alarm.state === "shelved" ? (
        <ActButton
          label={t("alarms.unshelve")}
          icon={<IconPlayerPlay size={14} />}
          onClick={() => act(unshelve(studio.client, { params }))}
        />
      ) : (
        <ShelveMenu onChoose={setShelvingFor} />
      )}
      <ReasonDialog
        opened={shelvingFor !== undefined}
        title={t("alarms.shelve")}
        text={t("alarms.shelveText", { count: shelvingFor ?? 0 })}
        onClose={() => setShelvingFor(undefined)}
        onReason={(reason) => act(shelve(studio.client, { params, body: { reason, untilS: shelvingFor! * 60 } }))}
      />
    </span>
  );
}

/** What an act answers stands in the list at once; why one was refused is shown. */
function useAct(alarm: AlarmItem): (acted: Promise<AlarmItem>) => void {
  const studio = useStudio();
  const { t } = useWords();
  return (acted) => {
    acted.then(
      (changed) =>
        studio.snapshot.update((snapshot) =>
          snapshot === undefined
            ? snapshot
            : { ...snapshot, alarms: snapshot.alarms.map((item) => (item.id === alarm.id ? changed : item)) },
        ),
      (error: unknown) => studio.notify("trouble", t("alarms.actionFailed"), errorText(error)),
    );
  };
}

function ActButton({
  label,
  icon,
  onClick,
}: {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon size={24} variant="default" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}

function ShelveMenu({ onChoose }: { readonly onChoose: (minutes: number) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} variant="default" aria-label={t("alarms.shelve")} title={t("alarms.shelve")}>
          <IconClockPause size={14} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("alarms.shelve")}</Menu.Label>
        {SHELVE_MINUTES.map((minutes) => (
          <Menu.Item key={minutes} onClick={() => onChoose(minutes)}>
            {t("alarms.forMinutes", { count: minutes })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
