import { Button } from "@mantine/core";
import { HELP_REASONS } from "@doppelwerk/ports";
import type { ReactNode } from "react";
import { clockText, Dialog, durationText, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { TerminalPicture } from "../contract.ts";
import type {} from "../message-codes.ts";
import { useNow } from "./use-now.ts";
import type { Terminal } from "./use-terminal.ts";

interface Props {
  readonly station: string;
  readonly terminal: Terminal;
  readonly onClose: () => void;
}

/** A tap calls. */
export function HelpDialog({ station, terminal, onClose }: Props): ReactNode {
  const { t } = useWords();
  return (
    <Dialog opened onClose={onClose} title={t("stationTerminal.help")} fullScreen>
      <div className="dw-ts-grid">
        {HELP_REASONS.map((reason) => (
          <Button
            key={reason}
            variant="default"
            onClick={() => {
              if (terminal.enter({ kind: "help", station, reason })) onClose();
            }}
          >
            {t(`stationTerminal.helpFor.${reason}`)}
          </Button>
        ))}
      </div>
    </Dialog>
  );
}

/** Who comes, and since when somebody waits. */
export function HelpOnTheWay({ calls }: { readonly calls: NonNullable<TerminalPicture["help"]> }): ReactNode {
  const { t, language, zone } = useWords();
  const studio = useStudio();
  const now = useNow(() => studio.now());
  return calls.map(({ id, reason, raisedAt, owner, takenAt }) => (
    <p key={id} className={`dw-ts-call ${owner === undefined ? "" : "is-taken"}`} role="status">
      <b>{t(`stationTerminal.helpFor.${reason}`)}</b>{" "}
      {owner === undefined
        ? t("stationTerminal.helpWaits", { duration: durationText(Math.max(0, now - raisedAt), language) })
        : t("stationTerminal.helpComes", { name: owner, clock: clockText(takenAt ?? raisedAt, zone, false) })}
    </p>
  ));
}
