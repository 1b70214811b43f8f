import { ActionIcon, Button, Menu, UnstyledButton } from "@mantine/core";
import { IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { clockText, durationText, momentText, nearText, stateLook, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Stop } from "../contract.ts";
import { stateText, usualReasons } from "./stop-text.ts";
import type { ReasonTree } from "./use-reasons.ts";

export type StopAct = "reason" | "split" | "join" | "clear" | "history" | "whatIf";

/** Reasons that stand in the row of a stop without one. */
const QUICK = 3;
/** A stop that is this short is asked for no reason: people are not asked about micro-stops. */
const ASKED_FROM_S = 60;
/** Of a wait the reason is that of the station that it waits for. */
const WAITS: ReadonlySet<string> = new Set(["blocked", "starved"]);

export interface StopRowProps {
  readonly stop: Stop;
  readonly all: readonly Stop[];
  readonly reasons: ReasonTree | undefined;
  readonly busy: boolean;
  readonly withStation: boolean;
  readonly canJoin: boolean;
  readonly onReason: (reason: string | undefined) => void;
  readonly onAct: (act: StopAct) => void;
}

/** One stop: when, how long, what the machine said, and why; without a reason the usual ones are one tap away, all others two. */
export function StopRow(props: StopRowProps): ReactNode {
  const { stop, withStation } = props;
  const studio = useStudio();
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const span = `${momentText(stop.from, zone, language)} – ${clockText(stop.to, zone)}`;
  return (
    <li className="dw-stop">
      <UnstyledButton
        className="dw-stop-when"
        title={span}
        onClick={() => {
          studio.address.go({ subject: stop.station });
          time.goTo(Math.min(stop.to, stop.from + 1_000_000));
        }}
      >
        {nearText(stop.from, studio.now(), zone, language)}
      </UnstyledButton>
      <b className="dw-stop-length">
        {durationText(stop.seconds * 1e6, language)}
        {stop.lasts === true && <small> {t("losses.lasts")}</small>}
      </b>
      <span className="dw-stop-state">
        <i className={`dw-chip is-${stateLook(stop.state)}`} />
        <span>
          {withStation && `${stop.station} `}
          {stateText(stop, t)}
          {stop.parts !== undefined && <small> {t("losses.partOf", { part: (stop.part ?? 0) + 1, parts: stop.parts })}</small>}
          {stop.joined !== undefined && <small> {t("losses.joinedOf", { count: stop.joined })}</small>}
        </span>
      </span>
      <Reason {...props} />
      <StopMenu {...props} />
    </li>
  );
}

function Reason({ stop, all, reasons, busy, onReason, onAct }: StopRowProps): ReactNode {
  const { t } = useWords();
  if (reasons === undefined) return <span className="dw-stop-reason" />;
  if (stop.reason !== undefined || stop.seconds < ASKED_FROM_S || WAITS.has(stop.state))
    return (
      <span className="dw-stop-reason">
        <UnstyledButton className={stop.reason === undefined ? "is-unsaid" : "is-said"} disabled={busy} onClick={() => onAct("reason")}>
          {stop.reason === undefined ? t("losses.giveReason") : (reasons.title(stop.reason) ?? stop.reason)}
        </UnstyledButton>
      </span>
    );
  const offered = reasons.offeredAt(stop.station).map(({ code }) => code);
  return (
    <span className="dw-stop-reason" role="group" aria-label={t("losses.reason")}>
      {usualReasons(all, stop.station, offered, QUICK).map((code) => (
        <Button key={code} size="compact-sm" variant="default" disabled={busy} onClick={() => onReason(code)}>
          {reasons.title(code)}
        </Button>
      ))}
      <Button size="compact-sm" variant="default" disabled={busy} onClick={() => onAct("reason")}>
        {t("losses.other")}
      </Button>
    </span>
  );
}

function StopMenu({ stop, busy, canJoin, onAct }: StopRowProps): ReactNode {
  const { t } = useWords();
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon className="dw-stop-more" variant="subtle" color="gray" aria-label={t("losses.moreActs")} disabled={busy}>
          <IconDots size={16} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => onAct("reason")}>{t("losses.act.reason")}</Menu.Item>
        <Menu.Item onClick={() => onAct("split")} disabled={stop.to - stop.from < 2_000_000}>
          {t("losses.act.split")}
        </Menu.Item>
        <Menu.Item onClick={() => onAct("join")} disabled={!canJoin}>
          {t("losses.act.join")}
        </Menu.Item>
        {stop.coding !== undefined && <Menu.Item onClick={() => onAct("clear")}>{t("losses.act.clear")}</Menu.Item>}
        {stop.coding !== undefined && <Menu.Item onClick={() => onAct("history")}>{t("losses.act.history")}</Menu.Item>}
        <Menu.Divider />
        <Menu.Item onClick={() => onAct("whatIf")}>{t("losses.act.whatIf")}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
