import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { Message } from "@doppelwerk/kit";
import {
  answerOf,
  Card,
  DataTable,
  Empty,
  Failure,
  FormDialog,
  messageText,
  momentText,
  RowActions,
  useLoad,
  useSentForm,
  useStudio,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { SourceState } from "../contract.ts";
import type {} from "../message-codes.ts";

/** Folders that rosters come from, and what was wrong in their files. For administrators. */
export function FoldersView(): ReactNode {
  const { t } = useWords();
  const [isAdding, setAdding] = useState(false);
  const loaded = useLoad(answerOf(calls.sources, {}, { kinds: ["staffFolder"] }), { everyMs: () => 5_000 });
  const sources = loaded.value as readonly SourceState[] | undefined;
  if (sources === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const add = (): void => setAdding(true);
  return (
    <>
      {sources.length === 0 && (
        <Empty title={t("personnel.noFolders")} text={t("personnel.noFoldersText")} action={t("personnel.addFolder")} onAction={add} />
      )}
      {sources.length > 0 && <Folders sources={sources} reload={loaded.reload} onAdd={add} />}
      {sources.some(({ faults }) => faults.length > 0) && <Faults sources={sources} />}
      {isAdding && <FolderDialog onClose={() => setAdding(false)} onStored={loaded.reload} />}
    </>
  );
}

function Folders({
  sources,
  reload,
  onAdd,
}: {
  readonly sources: readonly SourceState[];
  readonly reload: () => void;
  readonly onAdd: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t, language, zone } = useWords();
  const columns: readonly Column<SourceState>[] = [
    {
      title: t("personnel.folder"),
      className: "dw-folder-path",
      cell: ({ fields: { name, path } }) => (
        <>
          {name} <small>{path}</small>
        </>
      ),
    },
    {
      title: t("personnel.state"),
      cell: ({ state, reason }) => (
        <>
          {t(`personnel.folderState.${state}`)}
          {reason !== undefined && <small className="dw-folder-reason"> {messageText("", reason as Message)}</small>}
        </>
      ),
    },
    { title: t("personnel.lastAt"), cell: ({ lastAt }) => (lastAt === undefined ? "–" : momentText(lastAt, zone, language)) },
    { title: t("personnel.counts"), cell: ({ files, rows, refused }) => t("personnel.countsText", { files, rows, refused }) },
    {
      title: "",
      cell: ({ id, fields }) => (
        <RowActions
          onDone={reload}
          actions={[
            {
              label: t(fields.isOn ? "personnel.pause" : "personnel.resume"),
              run: () => calls.changeSource(client, { params: { source: id }, body: { fields: { ...fields, isOn: !fields.isOn } } }),
            },
            { label: t("personnel.stop"), isRemoval: true, run: () => calls.removeSource(client, { params: { source: id } }) },
          ]}
        />
      ),
    },
  ];
  return (
    <Card title={t("personnel.folders")}>
      <DataTable caption={t("personnel.folders")} columns={columns} rows={sources} keyOf={({ id }) => id} />
      <p>
        <Button size="sm" variant="default" onClick={onAdd}>
          {t("personnel.addFolder")}
        </Button>
      </p>
    </Card>
  );
}

function Faults({ sources }: { readonly sources: readonly SourceState[] }): ReactNode {
  const { t, language, zone } = useWords();
  const faults = sources.flatMap(({ id, faults: own }) => own.map((fault, at) => ({ ...fault, key: `${id} ${at}` })));
  return (
    <Card title={t("personnel.refused")}>
      <DataTable
        caption={t("personnel.refused")}
        columns={[
          { title: t("personnel.when"), cell: ({ at }) => momentText(at, zone, language) },
          { title: t("personnel.where"), cell: ({ where }) => where },
          { title: t("personnel.why"), cell: ({ reason }) => messageText("", reason as Message) },
        ]}
        rows={faults}
        keyOf={({ key }) => key}
      />
    </Card>
  );
}

function FolderDialog({ onClose, onStored }: { readonly onClose: () => void; readonly onStored: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ name: "", path: "" }, async ({ name, path }) => {
    await calls.addSource(client, { body: { fields: { name, path } } });
    onStored();
    onClose();
  });
  const isWhole = form.values.name.trim() !== "" && form.values.path.trim() !== "";
  return (
    <FormDialog form={form} title={t("personnel.addFolder")} submit={t("personnel.store")} isWhole={isWhole} onClose={onClose}>
      <TextInput label={t("personnel.folderName")} {...form.field("name")} />
      <TextInput label={t("personnel.folderPath")} {...form.field("path")} />
    </FormDialog>
  );
}
