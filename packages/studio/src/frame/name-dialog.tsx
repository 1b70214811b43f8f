import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useStore, useStudio, useWords } from "@doppelwerk/ui";

/** Asked once a browser: the name others see, unverified. */
export default function NameDialog(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { name } = useStore(studio.preferences);
  const [text, setText] = useState("");
  const choose = (): void => {
    const chosen = text.trim().slice(0, 40);
    if (chosen === "") return;
    studio.preferences.update((held) => ({ ...held, name: chosen }));
    studio.client.rename(chosen);
    studio.live.rename(chosen);
  };
  return (
    <Dialog opened={name === ""} onClose={() => undefined} withCloseButton={false} title={t("frame.nameTitle")} centered size={400}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          choose();
        }}
      >
        <p className="dw-quiet">{t("frame.nameText")}</p>
        <TextInput
          data-autofocus
          label={t("frame.nameLabel")}
          value={text}
          maxLength={40}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="dw-dialog-foot">
          <Button type="submit" disabled={text.trim() === ""}>
            {t("frame.nameGo")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
