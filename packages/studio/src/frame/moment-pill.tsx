import { UnstyledButton } from "@mantine/core";
import { IconBroadcast } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { clockText, durationText, useStore, useStudio, useWords, zoneNameText, zoneText } from "@doppelwerk/ui";

/** While a past instant is shown the frame says which, and how long ago; one click returns to live. */
export function MomentPill(): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const state = useStore(studio.time.state);
  useStore(studio.time.shown);
  const [, setBeat] = useState(0);
  useEffect(() => {
    if (state.kind === "live") return undefined;
    const timer = setInterval(() => setBeat((beat) => beat + 1), 500);
    return () => clearInterval(timer);
  }, [state.kind]);
  if (state.kind === "live") return null;
  const instant = studio.time.instant();
  const ago = t("frame.ago", { duration: durationText(studio.now() - instant, language) });
  return (
    <UnstyledButton className="dw-pill dw-pill-past" onClick={() => studio.rails.send({ kind: "live" })} title={t("frame.backToLive")}>
      <b>{clockText(instant, zone)}</b>
      <span className="dw-wide" title={zoneNameText(zone.name)}>
        {zoneText(instant, zone)}
      </span>
      <span className="dw-wide">{state.kind === "playing" ? t("frame.playing", { speed: state.speed }) : ago}</span>
      <IconBroadcast size={14} />
    </UnstyledButton>
  );
}
