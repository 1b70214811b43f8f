import { Button, MultiSelect, Slider, Switch } from "@mantine/core";
import type { ReactNode } from "react";
import { useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type {} from "../message-codes.ts";
import { chooseSound, play, soundChoice } from "./sound.ts";

/** What is heard in this browser. */
export function SoundPart(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { isOn, volume, priorities } = useStore(soundChoice);
  const hear = async (): Promise<void> => {
    if (!(await play(1, volume))) studio.notify("trouble", t("notifications.soundBlocked"));
  };
  return (
    <section className="dw-notify-part">
      <h3>{t("notifications.sound")}</h3>
      <p className="dw-fine">{t("notifications.soundText")}</p>
      <div className="dw-notify-sound">
        <Switch
          label={t("notifications.soundOn")}
          checked={isOn}
          onChange={(event) => chooseSound({ isOn: event.currentTarget.checked })}
        />
        {isOn && (
          <>
            <MultiSelect
              label={t("notifications.soundPriorities")}
              data={["1", "2", "3", "4"]}
              value={priorities.map(String)}
              onChange={(chosen) => chooseSound({ priorities: chosen.map(Number) })}
            />
            <div className="dw-notify-volume">
              <span id="dw-notify-volume">{t("notifications.volume")}</span>
              <Slider
                aria-labelledby="dw-notify-volume"
                thumbLabel={t("notifications.volume")}
                min={0}
                max={1}
                step={0.1}
                label={(value) => `${Math.round(value * 100)} %`}
                value={volume}
                onChange={(value) => chooseSound({ volume: value })}
              />
            </div>
            <Button variant="default" onClick={() => void hear()}>
              {t("notifications.soundTry")}
            </Button>
          </>
        )}
      </div>
    </section>
  );
}
