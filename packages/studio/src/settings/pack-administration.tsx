import { TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import {
  CardPart,
  Form,
  ListPart,
  LoadedPart,
  loadOf,
  RowActions,
  useLoad,
  useMayAdminister,
  useSentForm,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { AddPack } from "./add-pack.tsx";
import { distrustKey, listKeys, trustKey, type TrustedKey } from "./pack-calls.ts";

/** Adding a pack, and the keys whose packs are trusted, for who may administer the server; nothing for others, and in worlds beside the default one. */
export function PackAdministration({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  return useMayAdminister() === true ? <Administration onChanged={onChanged} /> : null;
}

function Administration({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const loaded = useLoad(loadOf(listKeys));
  // a world beside the default one has none
  if (loaded.kind === "failed" && loaded.code === "DW_NOT_FOUND") return null;
  const changed = (): void => {
    loaded.reload();
    onChanged();
  };
  const columns: readonly Column<TrustedKey>[] = [
    { title: t("settings.keyName"), cell: ({ name }) => name },
    { title: t("settings.key"), cell: ({ fingerprint }) => <code>{fingerprint}</code> },
    {
      title: "",
      cell: ({ name, fingerprint }) => (
        <RowActions
          onDone={changed}
          failed={t("settings.keyNotChanged")}
          actions={[
            {
              label: t("settings.distrustKey"),
              question: { title: t("settings.distrustKey"), text: t("settings.distrustKey.text", { name }) },
              run: () => distrustKey(client, { params: { key: fingerprint } }),
            },
          ]}
        />
      ),
    },
  ];
  return (
    <>
      <AddPack onAdded={onChanged} />
      <CardPart title={t("settings.keys")}>
        <LoadedPart loaded={loaded}>
          {({ keys }) => (
            <ListPart
              caption={t("settings.keys")}
              columns={columns}
              rows={keys}
              keyOf={({ fingerprint }) => fingerprint}
              empty={t("settings.noKeys")}
              textOf={({ name, fingerprint }) => `${name} ${fingerprint}`}
            />
          )}
        </LoadedPart>
        <TrustKey onTrusted={changed} />
      </CardPart>
    </>
  );
}

const EMPTY = { name: "", key: "" };

function TrustKey({ onTrusted }: { readonly onTrusted: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async ({ name, key }) => {
    await trustKey(client, { body: { key: key.trim(), name: name.trim() } });
    form.reset();
    onTrusted();
  });
  const { name, key } = form.values;
  return (
    <Form form={form} submit={t("settings.trustKey")} isWhole={key.trim() !== "" && name.trim() !== ""}>
      <TextInput label={t("settings.keyName")} maxLength={100} {...form.field("name")} />
      <TextInput label={t("settings.key")} placeholder="SHA256:…" {...form.field("key")} />
    </Form>
  );
}
