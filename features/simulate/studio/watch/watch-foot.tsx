import { Button, Select } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useStore, useWords } from "@doppelwerk/kit/studio";
import { WatchAxis } from "./watch-axis.tsx";
import { watchSpeeds } from "./watch-clock.ts";
import type { WatchClock } from "./watch-clock.ts";
import type { Watched } from "./watched.ts";

/** Play, speed and the time axis of what is watched. */
export function WatchFoot({
  first,
  second,
  clock,
  reachedS,
  moreText,
  elapsed,
}: {
  readonly first: Watched;
  readonly second?: Watched | undefined;
  readonly clock: WatchClock;
  readonly reachedS: number;
  /** What the curve of the axis tells. */
  readonly moreText: string;
  /** Time counts from the start of the run, not by the calendar. */
  readonly elapsed?: boolean;
}): ReactNode {
  const { t } = useWords();
  const playing = useStore(clock.playing);
  const speed = useStore(clock.speed);
  return (
    <div className="dw-watch-foot" data-own-keys>
      <Button
        size="sm"
        variant={playing ? "default" : "filled"}
        leftSection={playing ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        title={t(playing ? "simulate.watch.pause" : "simulate.watch.play")}
        onClick={() => clock.toggle()}
      >
        {t(playing ? "simulate.watch.pauseShort" : "simulate.watch.playShort")}
      </Button>
      <Select
        size="xs"
        w={96}
        aria-label={t("simulate.watch.speed")}
        value={String(speed)}
        onChange={(value) => clock.speed.set(Number(value ?? 60))}
        allowDeselect={false}
        data={watchSpeeds.map((value) => ({ value: String(value), label: `${value}×` }))}
      />
      <WatchAxis first={first} second={second} clock={clock} reachedS={reachedS} moreText={moreText} elapsed={elapsed === true} />
    </div>
  );
}
