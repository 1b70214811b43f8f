import { Button, Checkbox, TextInput } from "@mantine/core";
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

/** Programs of stores that parts and movements come from: state, position, what was refused. For administrators. */
export function SourcesView(): ReactNode {
  const { client } = useStudio();
  const { t, language, zone } = useWords();
  const [isAdded, setAdded] = useState(false);
  const loaded = useLoad(answerOf(calls.sources, {}, { kinds: ["storesSource"] }), { everyMs: () => 5_000 });
  const sources = loaded.value as readonly SourceState[] | undefined;
  if (sources === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const columns: readonly Column<SourceState>[] = [
    { title: t("stores.source"), cell: ({ fields: { name } }) => name },
    { title: t("stores.state"), cell: (source) => <State source={source} /> },
    { title: t("stores.lastAt"), cell: ({ lastAt }) => (lastAt === undefined ? "–" : momentText(lastAt, zone, language)) },
    {
      title: t("stores.takenCount"),
      cell: ({ taken, duplicates, others, refused }) => t("stores.counts", { taken, duplicates, others, refused }),
    },
    {
      title: "",
      cell: ({ id, fields }) => (
        <RowActions
          actions={[
            {
              label: t(fields.isOn ? "stores.pause" : "stores.resume"),
              run: () => calls.changeSource(client, { params: { source: id }, body: { fields: { ...fields, isOn: !fields.isOn } } }),
            },
          ]}
          onDone={loaded.reload}
        />
      ),
    },
  ];
  return (
    <>
      {sources.length === 0 && <Empty title={t("stores.noSources")} text={t("stores.noSourcesText")} />}
      <div>
        <Button variant="default" onClick={() => setAdded(true)}>
          {t("stores.addSource")}
        </Button>
      </div>
      {sources.length > 0 && (
        <Card title={t("stores.tab.sources")}>
          <DataTable caption={t("stores.tab.sources")} columns={columns} rows={sources} keyOf={({ id }) => id} />
        </Card>
      )}
      <Refused sources={sources} />
      {isAdded && <SourceForm onClose={() => setAdded(false)} onStored={loaded.reload} />}
    </>
  );
}

function Refused({ sources }: { readonly sources: readonly SourceState[] }): ReactNode {
  const { t, language, zone } = useWords();
  const faults = sources.flatMap(({ id, fields: { name }, faults: own }) =>
    own.map((fault, at) => ({ ...fault, name, key: `${id} ${at}` })),
  );
  if (faults.length === 0) return null;
  return (
    <Card title={t("stores.refusedTitle")}>
      <DataTable
        caption={t("stores.refusedTitle")}
        columns={[
          { title: t("stores.when"), cell: ({ at }) => momentText(at, zone, language) },
          { title: t("stores.source"), cell: ({ name, where }) => `${name} ${where}` },
          { title: t("stores.why"), cell: ({ reason }) => messageText("", reason as Message) },
        ]}
        rows={faults}
        keyOf={({ key }) => key}
      />
    </Card>
  );
}

function State({ source: { state, reason } }: { readonly source: SourceState }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {t(`stores.sourceState.${state}`)}
      {reason !== undefined && <small className="dw-stores-low"> {messageText("", reason as Message)}</small>}
    </>
  );
}

function SourceForm({ onClose, onStored }: { readonly onClose: () => void; readonly onStored: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ name: "", parts: "", movements: "", secret: "", allowPrivate: false }, async ({ secret, ...fields }) => {
    await calls.addSource(client, { body: { fields, ...(secret !== "" && { secret }) } as never });
    onStored();
    onClose();
  });
  const { values, field, set } = form;
  return (
    <FormDialog
      form={form}
      title={t("stores.addSource")}
      submit={t("stores.store")}
      isWhole={values.name.trim() !== "" && values.parts !== "" && values.movements !== ""}
      onClose={onClose}
    >
      <TextInput label={t("stores.sourceName")} maxLength={60} data-autofocus {...field("name")} />
      <TextInput label={t("stores.sourceParts")} placeholder="https://stores.example/spare-parts" {...field("parts")} />
      <TextInput label={t("stores.sourceMovements")} placeholder="https://stores.example/movements" {...field("movements")} />
      <TextInput label={t("stores.sourceSecret")} type="password" autoComplete="off" {...field("secret")} />
      <Checkbox
        label={t("stores.allowPrivate")}
        checked={values.allowPrivate}
        onChange={({ currentTarget: { checked } }) => set({ allowPrivate: checked })}
      />
    </FormDialog>
  );
}
