import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedWorld } from "@doppelwerk/client";
import { Dialog, useStudio, useTask, useWords, taskError } from "@doppelwerk/ui";

/** Title and name of a world. `isFixed`: the name is what its addresses are known by, so that only the title can be changed. */
export function RenameWorld({
  world,
  isFixed,
  onClose,
  onRenamed,
}: {
  readonly world: ListedWorld;
  readonly isFixed: boolean;
  readonly onClose: () => void;
  readonly onRenamed: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [title, setTitle] = useState(world.title);
  const [name, setName] = useState(world.name);
  const rename = (): void =>
    task.run(async () => {
      const change = {
        ...(title.trim() !== world.title && { title: title.trim() }),
        ...(name.trim() !== world.name && { name: name.trim() }),
      };
      await studio.client.changeWorld(world.name, change);
      onRenamed();
      onClose();
    });
  return (
    <Dialog opened onClose={onClose} title={t("settings.renameWorldOf", { world: world.title })} centered size={440}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          rename();
        }}
      >
        <TextInput
          data-autofocus
          label={t("settings.worldTitle")}
          value={title}
          maxLength={200}
          disabled={world.state === "failed"}
          error={taskError(task)}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        {!isFixed && (
          <TextInput
            label={t("settings.worldName")}
            description={t("settings.worldNameChange")}
            value={name}
            maxLength={63}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        )}
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" loading={task.busy} disabled={title.trim() === "" || name.trim() === ""}>
            {t("settings.renameWorld")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
