import { Button, Slider } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Instant } from "@doppelwerk/world";
import { clockText, Dialog, durationText, useScope, useWords } from "@doppelwerk/kit/studio";
import type { Stop } from "../contract.ts";

const SECOND: Instant = 1_000_000;

/** Where a stop is cut in two: at the instant of the Rail where that lies within, else in the middle. */
export function SplitDialog({
  stop,
  onClose,
  onSplit,
}: {
  readonly stop: Stop;
  readonly onClose: () => void;
  readonly onSplit: (at: Instant) => void;
}): ReactNode {
  const { time } = useScope();
  const { t, language, zone } = useWords();
  const [first, last] = [Math.ceil(stop.from / SECOND) * SECOND + SECOND, Math.floor((stop.to - 1) / SECOND) * SECOND];
  const [at, setAt] = useState(() => {
    const shown = Math.round(time.instant() / SECOND) * SECOND;
    return shown > stop.from + 2 * SECOND && shown < stop.to ? shown : Math.round((stop.from + stop.to) / 2 / SECOND) * SECOND;
  });
  const cut = Math.min(Math.max(at, stop.from + 1), stop.to - 1);
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t("losses.splitOf", { station: stop.station, clock: clockText(stop.from, zone) })}
      centered
      size={480}
    >
      <form
        className="dw-form"
        onSubmit={(event) => {
          event.preventDefault();
          onSplit(cut);
        }}
      >
        <Slider
          thumbLabel={t("losses.splitAt")}
          min={first}
          max={Math.max(first, last)}
          step={SECOND}
          value={cut}
          onChange={setAt}
          label={(value) => clockText(value, zone)}
        />
        <dl className="dw-facts">
          <dt>{t("losses.splitFirst")}</dt>
          <dd>
            {clockText(stop.from, zone)} – {clockText(cut, zone)} · {durationText(cut - stop.from, language)}
          </dd>
          <dt>{t("losses.splitSecond")}</dt>
          <dd>
            {clockText(cut, zone)} – {clockText(stop.to, zone)} · {durationText(stop.to - cut, language)}
          </dd>
        </dl>
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit">{t("losses.act.split")}</Button>
        </div>
      </form>
    </Dialog>
  );
}
