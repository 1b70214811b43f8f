import { Button, Select } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedAccount } from "@doppelwerk/client";
import { FormDialog, saveFile, useLoad, useSentForm, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { TextsChoice } from "./texts-choice.tsx";

/** The data of somebody else, who asked for it. */
export function PersonPart(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error));
  const [chosen, setChosen] = useState<string | null>(null);
  const [isErasing, setErasing] = useState(false);
  const accounts = useLoad((signal) => studio.client.accounts({ signal }), []);
  const account = accounts.value?.find(({ id }) => id === chosen);
  return (
    <div className="dw-sent-form is-row">
      <Select
        label={t("settings.privacyPerson")}
        data={(accounts.value ?? []).map(({ id, name, login }) => ({ value: id, label: `${name} (${login})` }))}
        value={chosen}
        searchable
        limit={50}
        onChange={setChosen}
      />
      <Button
        variant="default"
        loading={task.busy}
        disabled={account === undefined}
        onClick={() =>
          task.run(async () =>
            saveFile("person.json", new Blob([await studio.client.exportPerson(account!.id)], { type: "application/json" })),
          )
        }
      >
        {t("settings.exportPerson")}
      </Button>
      <Button variant="default" color="red" disabled={account === undefined} onClick={() => setErasing(true)}>
        {t("settings.erasePerson")}
      </Button>
      {isErasing && account !== undefined && (
        <ErasePerson
          account={account}
          onClose={() => setErasing(false)}
          onErased={() => {
            setChosen(null);
            accounts.reload();
          }}
        />
      )}
    </div>
  );
}

interface ErasePersonProps {
  readonly account: ListedAccount;
  readonly onClose: () => void;
  readonly onErased: () => void;
}

function ErasePerson({ account: { id, name }, onClose, onErased }: ErasePersonProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm<{ readonly texts: "erase" | "keep" }>({ texts: "erase" }, async ({ texts }) => {
    await studio.client.erasePerson(id, texts);
    studio.notify("good", t("settings.personErased"));
    onErased();
    onClose();
  });
  return (
    <FormDialog form={form} title={t("settings.erasePersonTitle")} submit={t("settings.erasePerson")} isRemoval onClose={onClose}>
      <p>{t("settings.erasePersonText", { name })}</p>
      <TextsChoice label={t("settings.erasePersonTexts")} value={form.values.texts} onChange={(texts) => form.set({ texts })} />
    </FormDialog>
  );
}
