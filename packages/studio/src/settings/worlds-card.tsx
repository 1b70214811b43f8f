import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { HOME_WORLD, type ListedWorld } from "@doppelwerk/client";
import {
  Form,
  ListPart,
  LoadedCard,
  messageText,
  RowActions,
  useLoad,
  useSentForm,
  useStore,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { worldLink } from "../frame/world-link.ts";
import { DeleteWorld } from "./delete-world.tsx";
import { RenameWorld } from "./rename-world.tsx";

/** The worlds of this server: open, create, rename, archive, restore, delete. */
export default function WorldsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const worlds = useLoad((signal) => client.worlds({ signal }), []);
  const columns: readonly Column<ListedWorld>[] = [
    { title: t("settings.world"), cell: (world) => <WorldTitle world={world} /> },
    { title: t("settings.world.name"), cell: ({ name }) => <code>{name}</code> },
    { title: t("settings.world.state"), cell: (world) => <WorldState world={world} /> },
    { title: "", cell: (world) => <WorldTools world={world} onChanged={worlds.reload} /> },
  ];
  return (
    <LoadedCard title={t("settings.worlds")} note={(all) => t("settings.world.count", { count: all.length })} loaded={worlds}>
      {(all) => (
        <>
          <ListPart
            caption={t("settings.worlds")}
            columns={columns}
            rows={all}
            keyOf={({ name }) => name}
            empty={null}
            textOf={({ name, title, state }) => [name, title, t(`settings.world.state.${state}`)].join(" ")}
          />
          <NewWorld onCreated={worlds.reload} />
        </>
      )}
    </LoadedCard>
  );
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
      {t(`settings.world.state.${state}`)}
      {message !== undefined && <small className="dw-row-note"> {messageText(message, reason)}</small>}
    </>
  );
}

function WorldTools({ world, onChanged }: { readonly world: ListedWorld; readonly onChanged: () => void }): ReactNode {
  const { address, client } = useStudio();
  const { t } = useWords();
  const { world: current = HOME_WORLD } = useStore(address.store);
  const [dialog, setDialog] = useState<"rename" | "delete" | undefined>(undefined);
  const close = (): void => setDialog(undefined);
  // the page would lose the world that it shows
  const isFixed = world.name === HOME_WORLD || world.name === current;
  const isArchived = world.state === "archived";
  return (
    <>
      <RowActions
        onDone={onChanged}
        failed={t("settings.world.notChanged")}
        actions={[
          { label: t("settings.renameWorld"), run: () => setDialog("rename") },
          !isFixed &&
            world.state !== "failed" && {
              label: t(isArchived ? "settings.restoreWorld" : "settings.archiveWorld"),
              run: () => client.changeWorld(world.name, { archived: !isArchived }),
            },
          !isFixed && { label: t("settings.deleteWorld"), isRemoval: true, run: () => setDialog("delete") },
        ]}
      />
      {dialog === "rename" && <RenameWorld world={world} isFixed={isFixed} onClose={close} onRenamed={onChanged} />}
      {dialog === "delete" && <DeleteWorld world={world} onClose={close} onDeleted={onChanged} />}
    </>
  );
}

const EMPTY = { name: "", title: "" };

function NewWorld({ onCreated }: { readonly onCreated: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async ({ name, title }) => {
    await client.createWorld({ name: name.trim(), ...(title.trim() !== "" && { title: title.trim() }) });
    form.reset();
    onCreated();
  });
  return (
    <Form form={form} submit={t("settings.createWorld")} isWhole={form.values.name.trim() !== ""}>
      <TextInput label={t("settings.world.name")} description={t("settings.world.nameHint")} maxLength={63} {...form.field("name")} />
      <TextInput label={t("settings.world.title")} description={t("settings.world.titleHint")} maxLength={200} {...form.field("title")} />
    </Form>
  );
}
