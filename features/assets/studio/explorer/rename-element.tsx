import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { encodeId } from "@doppelwerk/aas";
import type { Renaming } from "@doppelwerk/client";
import { useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { useChange } from "./use-change.ts";

/** An idShort of the metamodel (AASd-002); whether it is taken the server says. */
const NAME = /^[a-zA-Z](?:[a-zA-Z0-9_-]*[a-zA-Z0-9_])?$/;

/** Gives an element another idShort; references to it, and to what is below it, lead there again. */
export function RenameElement({
  submodel,
  path,
  idShort,
  onPlace,
  onDone,
}: {
  readonly submodel: string;
  readonly path: string;
  readonly idShort: string;
  /** Where the element is from now on: after the renaming, and after it was taken back. */
  readonly onPlace: (path: string) => void;
  readonly onDone: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { busy, change } = useChange();
  const [name, setName] = useState(idShort);
  const wrong = name !== "" && !(NAME.test(name) && name.length <= 128);
  const rename = async (): Promise<void> => {
    let renaming: Renaming | undefined;
    const done = await change({
      reason: t("assets.explorer.renamingOf", { what: path, name }),
      done: () =>
        [
          t("assets.explorer.renamed", { what: path, name, count: renaming!.references }),
          ...(renaming!.lookedThrough ? [] : [t("assets.explorer.renamedPartly")]),
        ].join(" "),
      failed: t("assets.explorer.notSaved", { what: path }),
      run: async (_, reason) => {
        renaming = await studio.client.renameElement(encodeId(submodel), { branch, path, idShort: name, reason });
      },
      onUndone: () => onPlace(path),
    });
    if (!done) return;
    onDone();
    onPlace(renaming!.path);
  };
  return (
    <form
      className="dw-new"
      aria-label={t("assets.explorer.rename")}
      onKeyDown={(event) => event.key === "Escape" && onDone()}
      onSubmit={(event) => {
        event.preventDefault();
        if (!wrong && name !== idShort) void rename();
      }}
    >
      <TextInput
        size="sm"
        label="idShort"
        description={t("assets.explorer.renameText")}
        autoFocus
        value={name}
        spellCheck={false}
        error={wrong && t("assets.explorer.noIdShort")}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <div className="dw-edit-foot">
        <Button size="sm" variant="default" onClick={onDone}>
          {t("frame.cancel")}
        </Button>
        <Button size="sm" type="submit" loading={busy} disabled={wrong || name === "" || name === idShort}>
          {t("assets.explorer.rename")}
        </Button>
      </div>
    </form>
  );
}
