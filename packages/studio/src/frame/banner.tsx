import { Button } from "@mantine/core";
import { IconCloudOff, IconDatabaseExclamation, IconDatabaseOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { clockText, durationText, shell, useStore, useStudio, useWords, ViewOutlet } from "@doppelwerk/ui";
import { historyNotice } from "./history-notice.ts";

/** Says when the server is away, since when, and that what is shown is stale; also that values are not kept, that a part of the record is damaged, and what features have to say. */
export function Banner(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const state = useStore(studio.state);
  const world = useStore(studio.world);
  const [, setBeat] = useState(0);
  /** Damaged files the person has been told of. */
  const [seen, setSeen] = useState(0);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-stale", state.kind === "offline");
    if (state.kind !== "offline") return undefined;
    const timer = setInterval(() => setBeat((beat) => beat + 1), 1000);
    return () => clearInterval(timer);
  }, [state.kind]);
  if (state.kind === "offline") {
    const ago = t("frame.ago", { duration: durationText(studio.now() - state.since, language) });
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconCloudOff size={16} />
        <span>{t("frame.offline", { clock: clockText(state.since, zone), ago })}</span>
        <small>{t("frame.reconnecting", { attempt: state.attempt })}</small>
      </div>
    );
  }
  if (state.kind === "refused") {
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconCloudOff size={16} />
        <span>{t("frame.refused", { message: state.message })}</span>
        <Button size="compact-xs" variant="default" onClick={() => location.reload()}>
          {t("frame.retry")}
        </Button>
      </div>
    );
  }
  const notice = world === undefined ? undefined : historyNotice(world.history, seen);
  if (notice?.kind === "notKept")
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconDatabaseOff size={16} />
        <span>{t(notice.isDiskFull ? "frame.diskFull" : "frame.notStored", { clock: clockText(notice.since, zone) })}</span>
        <small>{t("frame.notStoredCount", { count: notice.unwritten })}</small>
      </div>
    );
  if (notice?.kind === "damaged")
    return (
      <div className="dw-banner" role="status">
        <IconDatabaseExclamation size={16} />
        <span>{t("frame.damaged", { count: notice.files })}</span>
        <Button size="compact-xs" variant="default" onClick={() => studio.address.go({ view: "settings", detail: undefined })}>
          {t("frame.damagedShow")}
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setSeen(notice.files)}>
          {t("frame.dismiss")}
        </Button>
      </div>
    );
  return studio.views.of(shell.banner).map((view) => <ViewOutlet key={view.id} view={view} />);
}
