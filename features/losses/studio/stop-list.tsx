import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import { useState } from "react";
import { useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Stop } from "../contract.ts";
import { HistoryDialog } from "./history-dialog.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";
import { SplitDialog } from "./split-dialog.tsx";
import { StopRow, type StopAct } from "./stop-row.tsx";
import { stopKey } from "./stop-text.ts";
import { beforeOf, useCoding } from "./use-coding.ts";
import type { ReasonTree } from "./use-reasons.ts";
import "./losses.css";

export interface StopListProps {
  /** In order of time. */
  readonly stops: readonly Stop[];
  /** The newest are shown, at most so many. */
  readonly max: number;
  readonly reasons: ReasonTree | undefined;
  readonly reload: () => void;
  readonly onMore: () => void;
  /** Each row says of which station it is. */
  readonly withStation?: boolean;
  /** Longest first. */
  readonly byLength?: boolean;
}

/** Stops, each with its reason and what can be done with it. */
export function StopList({ stops, max, reasons, reload, onMore, withStation = false, byLength = false }: StopListProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const coding = useCoding(stops, reload);
  const [opened, setOpened] = useState<{ readonly stop: Stop; readonly act: StopAct }>();
  const close = (): void => setOpened(undefined);
  const ordered = byLength ? stops.toSorted((a, b) => b.seconds - a.seconds) : stops.toReversed();
  const act = (stop: Stop, chosen: StopAct): void => {
    if (chosen === "join") coding.join(stop);
    else if (chosen === "clear") coding.clear(stop);
    else if (chosen === "whatIf") {
      // the moment before: nothing had stopped yet
      studio.time.goTo(stop.from - 1_000_000);
      studio.act("changes.fork");
    } else setOpened({ stop, act: chosen });
  };
  return (
    <>
      <ul className="dw-stops" aria-label={t("losses.stops")}>
        {ordered.slice(0, max).map((stop) => (
          <StopRow
            key={stopKey(stop)}
            stop={stop}
            all={stops}
            reasons={reasons}
            busy={coding.busy}
            withStation={withStation}
            canJoin={beforeOf(stops, stop) !== undefined}
            onReason={(reason) => coding.code(stop, reason)}
            onAct={(chosen) => act(stop, chosen)}
          />
        ))}
      </ul>
      {ordered.length > max && (
        <Button size="compact-sm" variant="subtle" onClick={onMore}>
          {t("losses.more", { count: ordered.length - max })}
        </Button>
      )}
      {opened?.act === "reason" && (
        <ReasonDialog
          stop={opened.stop}
          reasons={reasons}
          onClose={close}
          onChoose={(reason) => {
            close();
            coding.code(opened.stop, reason);
          }}
        />
      )}
      {opened?.act === "split" && (
        <SplitDialog
          stop={opened.stop}
          onClose={close}
          onSplit={(at) => {
            close();
            coding.split(opened.stop, at);
          }}
        />
      )}
      {opened?.act === "history" && <HistoryDialog stop={opened.stop} reasons={reasons} onClose={close} />}
    </>
  );
}
