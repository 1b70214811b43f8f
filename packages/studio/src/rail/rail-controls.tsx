import { ActionIcon, Menu, UnstyledButton } from "@mantine/core";
import {
  IconAlertTriangle,
  IconBroadcast,
  IconChevronLeft,
  IconChevronRight,
  IconGitFork,
  IconLink,
  IconMinus,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerSkipBack,
  IconPlayerSkipForward,
  IconPlus,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { LIVE } from "@doppelwerk/world";
import { Hint, speeds, useAction, useStore, useStudio, useWords } from "@doppelwerk/ui";
import type { RailAction } from "@doppelwerk/ui";

/** What one holds in the hand of the time machine: step, play, how fast; and what one does with an instant: fork it, share it, leave it. */
export function RailControls({ act, span }: { readonly act: (action: RailAction) => void; readonly span: ReactNode }): ReactNode {
  const studio = useStudio();
  const isOfSeveral = useStore(studio.railLines).length > 1;
  const { t } = useWords();
  const state = useStore(studio.time.state);
  const line = useStore(studio.line);
  const online = useStore(studio.state).kind === "online";
  // the values of now are those of the live plant; the branch is none
  const onBranch = useStore(studio.address.store).branch !== LIVE;
  // Live is playing too, at the speed of the plant.
  const fork = useAction("changes.fork");
  const moving = state.kind !== "at";
  return (
    <div className="dw-rail-controls">
      <div className="dw-rail-buttons">
        <Control label={t("rail.previousAlarm")} keys="{" className="dw-rail-alarm" run={() => act({ kind: "alarm", direction: -1 })}>
          <IconChevronLeft size={11} stroke={2.5} />
          <IconAlertTriangle size={14} />
        </Control>
        <Control label={t("rail.previous")} keys="[" run={() => act({ kind: "event", direction: -1 })}>
          <IconPlayerSkipBack size={16} />
        </Control>
        <Control label={moving ? t("rail.pause") : t("rail.play")} keys="␣" className="dw-rail-play" run={() => act({ kind: "toggle" })}>
          {moving ? <IconPlayerPause size={18} /> : <IconPlayerPlay size={18} />}
        </Control>
        <Control label={t("rail.next")} keys="]" run={() => act({ kind: "event", direction: 1 })}>
          <IconPlayerSkipForward size={16} />
        </Control>
        <Control label={t("rail.nextAlarm")} keys="}" className="dw-rail-alarm" run={() => act({ kind: "alarm", direction: 1 })}>
          <IconAlertTriangle size={14} />
          <IconChevronRight size={11} stroke={2.5} />
        </Control>
      </div>
      <div className="dw-rail-buttons">
        <Speed act={act} />
        <button
          type="button"
          className={state.kind === "live" && online && !onBranch ? "dw-rail-live is-live" : "dw-rail-live"}
          onClick={() => act({ kind: "live" })}
          title="L"
          aria-label={t(onBranch ? "rail.goNow" : "rail.goLive")}
        >
          <IconBroadcast size={14} /> <span>{t(onBranch ? "rail.goNow" : "rail.goLive")}</span>
        </button>
      </div>
      <div className="dw-rail-buttons">
        {fork !== undefined && (
          <Control label={t("rail.fork")} keys="F" className="dw-rail-fork" run={fork}>
            <IconGitFork size={16} />
          </Control>
        )}
        <Control label={t("rail.link")} keys="Y" className="dw-rail-link" run={() => act({ kind: "link" })}>
          <IconLink size={16} />
        </Control>
        {span}
      </div>
      {!isOfSeveral && line !== undefined && line.constraint !== "" && (
        <div className="dw-rail-facts dw-rail-what">
          <span title={line.constraint}>{t("rail.constraint", { station: line.constraint })}</span>
        </div>
      )}
    </div>
  );
}

function Control({
  label,
  keys,
  run,
  className = "",
  children,
}: {
  readonly label: string;
  readonly keys: string;
  readonly run: () => void;
  readonly className?: string;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Hint label={label} keys={keys} openDelay={400}>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} onClick={run} className={className}>
        {children}
      </ActionIcon>
    </Hint>
  );
}

/** How fast the past is played: a step slower, any speed, a step faster. */
function Speed({ act }: { readonly act: (action: RailAction) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const state = useStore(studio.time.state);
  const speed = studio.time.speed();
  return (
    <div className={state.kind === "playing" ? "dw-rail-speed is-playing" : "dw-rail-speed"} role="group" aria-label={t("rail.speed")}>
      <UnstyledButton
        aria-label={t("rail.slower")}
        title=","
        disabled={speed <= speeds[0]}
        onClick={() => act({ kind: "speed", direction: -1 })}
      >
        <IconMinus size={12} />
      </UnstyledButton>
      <Menu position="top" shadow="md" withinPortal>
        <Menu.Target>
          <UnstyledButton className="dw-rail-speed-value" aria-label={t("rail.speedIs", { speed })}>
            {speed}×
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("rail.speed")}</Menu.Label>
          {speeds.toReversed().map((each) => (
            <Menu.Item key={each} className="dw-rail-speed-item" aria-current={each === speed} onClick={() => studio.time.setSpeed(each)}>
              {each}×
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <UnstyledButton
        aria-label={t("rail.faster")}
        title="."
        disabled={speed >= speeds.at(-1)!}
        onClick={() => act({ kind: "speed", direction: 1 })}
      >
        <IconPlus size={12} />
      </UnstyledButton>
    </div>
  );
}
