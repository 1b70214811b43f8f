import { ActionIcon, Menu, Tooltip } from "@mantine/core";
import { IconCheck, IconClockPause, IconPlayerPlay, IconRotateClockwise, IconTool } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { MINUTE } from "@doppelwerk/world";
import type { AlarmItem } from "@doppelwerk/sync";
import { durationText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { acknowledge, reset, returnToService, shelve, takeOutOfService, unshelve } from "../calls.ts";
import { AcknowledgeAtPlant } from "./acknowledge-at-plant.tsx";
import { offeredActs } from "./offered-acts.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

const SHELVE_MINUTES = [15, 60, 480];
/** Those that need nothing more than a click. */
const SIMPLE = {
  acknowledge: { run: acknowledge, icon: <IconCheck size={14} /> },
  reset: { run: reset, icon: <IconRotateClockwise size={14} /> },
  unshelve: { run: unshelve, icon: <IconPlayerPlay size={14} /> },
  returnToService: { run: returnToService, icon: <IconPlayerPlay size={14} /> },
} as const;

/** What a reason is being asked for: shelving for so many minutes, or taking out of service. */
type Asked = { readonly minutes: number } | "takeOutOfService";

/** What may be done to an alarm in its state (ISA-18.2). */
export function AlarmActions({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const act = useAct(alarm);
  const [asked, setAsked] = useState<Asked | undefined>(undefined);
  const offered = offeredActs(alarm.state);
  return (
    <span className="dw-alarm-actions">
      {alarm.atPlant !== undefined && <AcknowledgeAtPlant alarm={alarm} at={alarm.atPlant} />}
      {offered.map((name) =>
        name === "shelve" || name === "takeOutOfService" ? null : (
          <ActButton
            key={name}
            label={t(`alarms.${name}`)}
            icon={SIMPLE[name].icon}
            onClick={() => act(SIMPLE[name].run(client, { params: { id: alarm.id } }))}
          />
        ),
      )}
      {offered.includes("takeOutOfService") && <AsideMenu canShelve={offered.includes("shelve")} onAsk={setAsked} />}
      {asked !== undefined && <AskedReason alarm={alarm} asked={asked} onClose={() => setAsked(undefined)} act={act} />}
    </span>
  );
}

function AskedReason({
  alarm,
  asked,
  onClose,
  act,
}: {
  readonly alarm: AlarmItem;
  readonly asked: Asked;
  readonly onClose: () => void;
  readonly act: (acted: Promise<AlarmItem>) => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const params = { id: alarm.id };
  return asked === "takeOutOfService" ? (
    <ReasonDialog
      title={t("alarms.takeOutOfService")}
      text={t("alarms.takeOutText")}
      onClose={onClose}
      onReason={(reason) => act(takeOutOfService(client, { params, body: { reason } }))}
    />
  ) : (
    <ReasonDialog
      title={t("alarms.shelve")}
      text={t("alarms.shelveText", { duration: durationText(asked.minutes * MINUTE, language) })}
      onClose={onClose}
      onReason={(reason) => act(shelve(client, { params, body: { reason, untilS: asked.minutes * 60 } }))}
    />
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
      (error: unknown) => studio.notifyFailure(error, t("alarms.actionFailed")),
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

/** Putting an alarm aside, each way with a reason: for a time, or until maintenance returns it. */
function AsideMenu({ canShelve, onAsk }: { readonly canShelve: boolean; readonly onAsk: (asked: Asked) => void }): ReactNode {
  const { t, language } = useWords();
  const label = t(canShelve ? "alarms.shelve" : "alarms.takeOutOfService");
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} variant="default" aria-label={label} title={label}>
          {canShelve ? <IconClockPause size={14} /> : <IconTool size={14} />}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {canShelve && <Menu.Label>{t("alarms.shelve")}</Menu.Label>}
        {canShelve &&
          SHELVE_MINUTES.map((minutes) => (
            <Menu.Item key={minutes} onClick={() => onAsk({ minutes })}>
              {t("alarms.forMinutes", { duration: durationText(minutes * MINUTE, language) })}
            </Menu.Item>
          ))}
        {canShelve && <Menu.Divider />}
        <Menu.Item leftSection={<IconTool size={14} />} onClick={() => onAsk("takeOutOfService")}>
          {t("alarms.takeOutOfService")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
