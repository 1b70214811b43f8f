import { Button, TextInput } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useLoad, useStore, useStudio, useWords } from "@doppelwerk/ui";
import { withPerson } from "../session/known-person.ts";

/** Asked once a browser: the name others see, unverified. Who is logged in has one, which is taken. */
export default function NameDialog(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { name } = useStore(studio.preferences);
  const [text, setText] = useState("");
  const session = useLoad((signal) => studio.client.session({ signal }), []);
  const person = session.value?.person;
  useEffect(() => {
    if (person === undefined) return;
    studio.preferences.update((held) => withPerson(held, person));
    studio.client.rename(person.name);
    studio.live.rename(person.name);
  }, [person, studio]);
  const isAsked = session.kind === "failed" || (session.value !== undefined && person === undefined);
  const choose = (): void => {
    const chosen = text.trim().slice(0, 40);
    if (chosen === "") return;
    studio.preferences.update((held) => ({ ...held, name: chosen }));
    studio.client.rename(chosen);
    studio.live.rename(chosen);
  };
  return (
    <Dialog
      opened={name === "" && isAsked}
      onClose={() => undefined}
      withCloseButton={false}
      title={t("frame.nameTitle")}
      centered
      size={400}
    >
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
