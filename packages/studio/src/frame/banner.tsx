import { Button } from "@mantine/core";
import { IconCloudOff, IconDatabaseExclamation, IconDatabaseOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { clockText, messageText, shell, useStore, useStudio, useWords, ViewOutlet } from "@doppelwerk/ui";
import { historyNotice } from "./history-notice.ts";
import { OfflineBanner } from "./offline-banner.tsx";

/** Says when the server is away, since when, and that what is shown is stale; also that values are not kept, that a part of the record is damaged, and what features have to say. */
export function Banner(): ReactNode {
  const studio = useStudio();
  const { t, zone } = useWords();
  const state = useStore(studio.state);
  const world = useStore(studio.world);
  /** Damaged files the person has been told of. */
  const [seen, setSeen] = useState(0);
  useEffect(() => {
    document.documentElement.toggleAttribute("data-stale", state.kind === "offline");
  }, [state.kind]);
  if (state.kind === "offline") return <OfflineBanner since={state.since} attempt={state.attempt} />;
  if (state.kind === "refused") {
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconCloudOff size={16} />
        <span>{t("frame.refused", { message: messageText(state.message, state.reason) })}</span>
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
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => studio.address.go({ view: "settings", detail: "records", card: "history" })}
        >
          {t("frame.damagedShow")}
        </Button>
        <Button size="compact-xs" variant="subtle" color="gray" onClick={() => setSeen(notice.files)}>
          {t("frame.dismiss")}
        </Button>
      </div>
    );
  return studio.views.of(shell.banner).map((view) => <ViewOutlet key={view.id} view={view} />);
}
