import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedWorld } from "@doppelwerk/client";
import { Dialog, Failure, fixedText, useLoad, useStudio, useTask, useWords, taskError } from "@doppelwerk/ui";

/** Lists what goes with a world, and deletes it once its name is typed. */
export function DeleteWorld({
  world,
  onClose,
  onDeleted,
}: {
  readonly world: ListedWorld;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [typed, setTyped] = useState("");
  const content = useLoad((signal) => studio.client.worldContent(world.name, { signal }), [world.name]);
  const remove = (): void =>
    task.run(async () => {
      await studio.client.deleteWorld(world.name);
      onDeleted();
      onClose();
    });
  return (
    <Dialog opened onClose={onClose} title={t("settings.deleteWorldOf", { world: world.title })} centered size={480}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          remove();
        }}
      >
        <p className="dw-quiet">{t("settings.deleteWorldText")}</p>
        {content.value === undefined ? (
          content.kind === "failed" ? (
            <Failure message={content.message} code={content.code} onRetry={content.reload} />
          ) : (
            <p className="dw-fine">{t("frame.loading")}</p>
          )
        ) : (
          <ul className="dw-world-content">
            {content.value.parts.map(({ part, files, bytes }) => (
              <li key={part}>
                {t(`settings.worldPart.${part}`)}{" "}
                <small className="dw-quiet">{t("settings.worldPartSize", { files, megabytes: megabytes(bytes) })}</small>
              </li>
            ))}
          </ul>
        )}
        <TextInput
          data-autofocus
          label={t("settings.typeWorldName", { name: world.name })}
          value={typed}
          error={taskError(task)}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <div className="dw-dialog-foot">
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button type="submit" color="red" loading={task.busy} disabled={typed.trim() !== world.name || content.value === undefined}>
            {t("settings.deleteWorld")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function megabytes(bytes: number): string {
  return fixedText(bytes / 1e6, bytes < 1e6 ? 2 : 0);
}
