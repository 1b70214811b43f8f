import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { IconCheck, IconClockPause, IconPlayerPlay, IconRotateClockwise, IconTool } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { AlarmItem } from "@doppelwerk/sync";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import { acknowledge, reset, returnToService, unshelve } from "../calls.ts";
import { AtPlantButton } from "./plant/at-plant.tsx";
import { offeredActs } from "./offered-acts.ts";
import { useShelving } from "./shelving.tsx";
import { useAct } from "./use-act.ts";

/** Those that need nothing more than a click. */
const SIMPLE = {
  acknowledge: { run: acknowledge, icon: <IconCheck size={14} /> },
  reset: { run: reset, icon: <IconRotateClockwise size={14} /> },
  unshelve: { run: unshelve, icon: <IconPlayerPlay size={14} /> },
  returnToService: { run: returnToService, icon: <IconPlayerPlay size={14} /> },
} as const;

/** What may be done to an alarm in its state (ISA-18.2). */
export function AlarmActions({ alarm }: { readonly alarm: AlarmItem }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const act = useAct();
  const askToShelve = useShelving();
  const offered = offeredActs(alarm.state);
  const simple = offered.find((name) => name !== "shelve" && name !== "takeOutOfService");
  const canShelve = offered.includes("shelve");
  const params = { id: alarm.id };
  return (
    <span className="dw-alarm-actions">
      {alarm.atPlant !== undefined && <AtPlantButton alarm={alarm} at={alarm.atPlant} />}
      {simple === undefined ? (
        <NoAct />
      ) : (
        <SimpleAct label={t(`alarms.${simple}`)} icon={SIMPLE[simple].icon} onClick={() => act(SIMPLE[simple].run(client, { params }))} />
      )}
      {offered.includes("takeOutOfService") ? (
        <ActButton
          label={t(canShelve ? "alarms.shelve" : "alarms.takeOutOfService")}
          icon={canShelve ? <IconClockPause size={14} /> : <IconTool size={14} />}
          onClick={() => askToShelve(alarm)}
        />
      ) : (
        <NoAct />
      )}
    </span>
  );
}

/** The place of a button that is not offered now: the other one must not move to where the pointer still is. */
function NoAct(): ReactNode {
  return <i className="dw-alarm-no-act" aria-hidden />;
}

interface ActProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}

/** What is done most, with its word; where there is no room for that with its sign alone. */
function SimpleAct({ label, icon, onClick }: ActProps): ReactNode {
  return (
    <Button
      h={32}
      px={8}
      size="compact-sm"
      variant="default"
      className="dw-alarm-act"
      leftSection={icon}
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      {label}
    </Button>
  );
}

function ActButton({ label, icon, onClick }: ActProps): ReactNode {
  return (
    <Tooltip label={label}>
      <ActionIcon size={32} variant="default" aria-label={label} onClick={onClick}>
        {icon}
      </ActionIcon>
    </Tooltip>
  );
}
