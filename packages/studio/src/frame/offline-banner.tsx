import { Button } from "@mantine/core";
import { IconCloudOff, IconWorldOff } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { HOME_WORLD } from "@doppelwerk/client";
import { textOf, verbatim } from "@doppelwerk/messages";
import { clockText, durationText, messageText, useLoad, useStore, useStudio, useWords } from "@doppelwerk/ui";

const EVERY_MS = 10_000;

/** Since when nothing answers; where the server does and only the world of this window does not, why, and the way to the others. */
export function OfflineBanner({ since, attempt }: { readonly since: number; readonly attempt: number }): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const [, setBeat] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setBeat((beat) => beat + 1), 1000);
    return () => clearInterval(timer);
  }, []);
  const why = useWhyNotOpen();
  if (why !== undefined)
    return (
      <div className="dw-banner is-offline" role="alert">
        <IconWorldOff size={16} />
        <span>{why}</span>
        <Button size="compact-xs" variant="default" component="a" href="/settings/worlds">
          {t("frame.otherWorlds")}
        </Button>
      </div>
    );
  const ago = t("frame.ago", { duration: durationText(studio.now() - since, language) });
  return (
    <div className="dw-banner is-offline" role="alert">
      <IconCloudOff size={16} />
      <span>{t("frame.offline", { clock: clockText(since, zone), ago })}</span>
      <small>{t("frame.reconnecting", { attempt })}</small>
    </div>
  );
}

function useWhyNotOpen(): string | undefined {
  const studio = useStudio();
  const { t } = useWords();
  const { world = HOME_WORLD } = useStore(studio.address.store);
  const worlds = useLoad((signal) => studio.client.worlds({ signal }), [], EVERY_MS);
  // a list of before the server went away says nothing of now
  if (worlds.kind !== "ready" || world === HOME_WORLD) return undefined;
  const found = worlds.value.find(({ name }) => name === world);
  if (found === undefined) return t("frame.worldGone", { world });
  const { title, state, reason, message } = found;
  if (state === "archived") return t("frame.worldArchived", { world: title });
  if (state !== "failed") return undefined;
  const told = reason ?? verbatim(message ?? "");
  return t("frame.worldFailed", { world: title, reason: messageText(textOf(told), told) });
}
