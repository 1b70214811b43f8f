import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ListedWorld } from "@doppelwerk/client";
import { FormDialog, LoadedPart, sizeText, useLoad, useSentForm, useStudio, useWords } from "@doppelwerk/ui";

interface DeleteWorldProps {
  readonly world: ListedWorld;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}

/** Lists what goes with a world, and deletes it once its name is typed. */
export function DeleteWorld({ world, onClose, onDeleted }: DeleteWorldProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const content = useLoad((signal) => client.worldContent(world.name, { signal }), [world.name]);
  const form = useSentForm({ typed: "" }, async () => {
    await client.deleteWorld(world.name);
    onDeleted();
    onClose();
  });
  return (
    <FormDialog
      form={form}
      title={t("settings.deleteWorldOf", { world: world.title })}
      submit={t("settings.deleteWorld")}
      isRemoval
      isWhole={form.values.typed.trim() === world.name && content.value !== undefined}
      onClose={onClose}
    >
      <p className="dw-quiet">{t("settings.deleteWorldText")}</p>
      <LoadedPart loaded={content}>
        {({ parts }) => (
          <ul className="dw-world-content">
            {parts.map(({ part, files, bytes }) => (
              <li key={part}>
                {t(`settings.world.part.${part}`)}{" "}
                <small className="dw-quiet">{t("settings.world.partSize", { files, size: sizeText(bytes) })}</small>
              </li>
            ))}
          </ul>
        )}
      </LoadedPart>
      <TextInput data-autofocus label={t("settings.typeWorldName", { name: world.name })} {...form.field("typed")} />
    </FormDialog>
  );
}
