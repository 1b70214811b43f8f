import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ListedWorld } from "@doppelwerk/client";
import { FormDialog, useSentForm, useStudio, useWords } from "@doppelwerk/ui";

interface RenameWorldProps {
  readonly world: ListedWorld;
  /** The name is what its addresses are known by, so that only the title can be changed. */
  readonly isFixed: boolean;
  readonly onClose: () => void;
  readonly onRenamed: () => void;
}

/** Title and name of a world. */
export function RenameWorld({ world, isFixed, onClose, onRenamed }: RenameWorldProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ title: world.title, name: world.name }, async (typed) => {
    const [title, name] = [typed.title.trim(), typed.name.trim()];
    await client.changeWorld(world.name, { ...(title !== world.title && { title }), ...(name !== world.name && { name }) });
    onRenamed();
    onClose();
  });
  const { title, name } = form.values;
  return (
    <FormDialog
      form={form}
      title={t("settings.renameWorldOf", { world: world.title })}
      size={440}
      submit={t("settings.renameWorld")}
      isWhole={title.trim() !== "" && name.trim() !== ""}
      onClose={onClose}
    >
      <TextInput
        data-autofocus
        label={t("settings.world.title")}
        maxLength={200}
        disabled={world.state === "failed"}
        {...form.field("title")}
      />
      {!isFixed && (
        <TextInput label={t("settings.world.name")} description={t("settings.world.nameChange")} maxLength={63} {...form.field("name")} />
      )}
    </FormDialog>
  );
}
