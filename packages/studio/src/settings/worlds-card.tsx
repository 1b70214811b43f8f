import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { HOME_WORLD, type ListedWorld } from "@doppelwerk/client";
import {
  Card,
  DataTable,
  Failure,
  messageText,
  NotReadAgain,
  useLoad,
  useStore,
  useStudio,
  useTask,
  useWords,
  taskError,
} from "@doppelwerk/ui";
import type { Column } from "@doppelwerk/ui";
import { worldLink } from "../frame/world-link.ts";
import { DeleteWorld } from "./delete-world.tsx";
import { RenameWorld } from "./rename-world.tsx";

/** The worlds of this server: open, create, rename, archive, restore, delete. */
export default function WorldsCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [changes, setChanges] = useState(0);
  const worlds = useLoad((signal) => studio.client.worlds({ signal }), [], undefined, changes);
  const reload = (): void => setChanges((count) => count + 1);
  if (worlds.value === undefined)
    return (
      <Card title={t("settings.worlds")}>
        {worlds.kind === "failed" ? (
          <Failure message={worlds.message} code={worlds.code} onRetry={worlds.reload} />
        ) : (
          <p className="dw-fine">{t("frame.loading")}</p>
        )}
      </Card>
    );
  return (
    <Card title={t("settings.worlds")} note={t("settings.worldCount", { count: worlds.value.length })}>
      <NotReadAgain loaded={worlds} />
      <WorldTable worlds={worlds.value} onChanged={reload} />
      <NewWorld onCreated={reload} />
    </Card>
  );
}

function WorldTable({ worlds, onChanged }: { readonly worlds: readonly ListedWorld[]; readonly onChanged: () => void }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<ListedWorld>[] = [
    { title: t("settings.world"), cell: (world) => <WorldTitle world={world} /> },
    { title: t("settings.worldName"), cell: ({ name }) => <code>{name}</code> },
    { title: t("settings.worldState"), cell: (world) => <WorldState world={world} /> },
    { title: "", cell: (world) => <WorldTools world={world} onChanged={onChanged} /> },
  ];
  return <DataTable caption={t("settings.worlds")} className="dw-worlds" columns={columns} rows={worlds} keyOf={({ name }) => name} />;
}

function WorldTitle({ world: { name, title, state } }: { readonly world: ListedWorld }): ReactNode {
  const { world: current = HOME_WORLD } = useStore(useStudio().address.store);
  const { t } = useWords();
  if (name === current)
    return (
      <>
        {title} <small className="dw-quiet">{t("settings.thisWorld")}</small>
      </>
    );
  return state === "archived" || state === "failed" ? title : <a href={worldLink(name)}>{title}</a>;
}

function WorldState({ world: { state, message, reason } }: { readonly world: ListedWorld }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {t(`settings.worldState.${state}`)}
      {message !== undefined && <small className="dw-job-why"> {messageText(message, reason)}</small>}
    </>
  );
}

function WorldTools({ world, onChanged }: { readonly world: ListedWorld; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const { world: current = HOME_WORLD } = useStore(studio.address.store);
  const task = useTask((_, error) => studio.notifyFailure(error, t("settings.worldNotChanged")));
  const [dialog, setDialog] = useState<"rename" | "delete" | undefined>(undefined);
  const archive = (archived: boolean): void =>
    task.run(async () => {
      await studio.client.changeWorld(world.name, { archived });
      onChanged();
    });
  const close = (): void => setDialog(undefined);
  // the page would lose the world that it shows
  const isFixed = world.name === HOME_WORLD || world.name === current;
  return (
    <span className="dw-world-tools">
      <Button size="compact-sm" variant="default" onClick={() => setDialog("rename")}>
        {t("settings.renameWorld")}
      </Button>
      {!isFixed && world.state !== "failed" && (
        <Button size="compact-sm" variant="default" loading={task.busy} onClick={() => archive(world.state !== "archived")}>
          {t(world.state === "archived" ? "settings.restoreWorld" : "settings.archiveWorld")}
        </Button>
      )}
      {!isFixed && (
        <Button size="compact-sm" variant="default" color="red" onClick={() => setDialog("delete")}>
          {t("settings.deleteWorld")}
        </Button>
      )}
      {dialog === "rename" && <RenameWorld world={world} isFixed={isFixed} onClose={close} onRenamed={onChanged} />}
      {dialog === "delete" && <DeleteWorld world={world} onClose={close} onDeleted={onChanged} />}
    </span>
  );
}

function NewWorld({ onCreated }: { readonly onCreated: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [name, setName] = useState("");
  const [title, setTitle] = useState("");
  const create = (): void =>
    task.run(async () => {
      await studio.client.createWorld({ name: name.trim(), ...(title.trim() !== "" && { title: title.trim() }) });
      setName("");
      setTitle("");
      onCreated();
    });
  return (
    <form
      className="dw-new-world"
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <TextInput
        label={t("settings.worldName")}
        description={t("settings.worldNameHint")}
        value={name}
        maxLength={63}
        error={taskError(task)}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={t("settings.worldTitle")}
        description={t("settings.worldTitleHint")}
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" loading={task.busy} disabled={name.trim() === ""}>
        {t("settings.createWorld")}
      </Button>
    </form>
  );
}
