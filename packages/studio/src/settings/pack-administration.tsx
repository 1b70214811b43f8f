import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { DataTable, loadOf, useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";
import type { Column } from "@doppelwerk/ui";
import { AddPack } from "./add-pack.tsx";
import { distrustKey, listKeys, trustKey, type TrustedKey } from "./pack-calls.ts";

/** Adding a pack, and the keys whose packs are trusted, for who may administer the server; nothing for others, and in worlds beside the default one. */
export function PackAdministration({ onChanged }: { readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const loaded = useLoad(loadOf(listKeys));
  const task = useTask((_, error) => studio.notifyFailure(error, t("settings.keyNotChanged")));
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  if (loaded.value === undefined) return null;
  const change = (run: () => Promise<unknown>): void =>
    task.run(async () => {
      await run();
      loaded.reload();
      onChanged();
    });
  const trust = (): void =>
    change(async () => {
      await trustKey(studio.client, { body: { key: key.trim(), name: name.trim() } });
      setKey("");
      setName("");
    });
  return (
    <section aria-label={t("settings.keys")}>
      <AddPack onAdded={onChanged} />
      <h3>{t("settings.keys")}</h3>
      {loaded.value.keys.length === 0 ? (
        <p className="dw-quiet">{t("settings.noKeys")}</p>
      ) : (
        <KeyTable
          keys={loaded.value.keys}
          onRemove={(fingerprint) => change(() => distrustKey(studio.client, { params: { key: fingerprint } }))}
        />
      )}
      <form
        className="dw-new-world"
        onSubmit={(event) => {
          event.preventDefault();
          trust();
        }}
      >
        <TextInput
          size="sm"
          label={t("settings.keyName")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          size="sm"
          label={t("settings.key")}
          placeholder="SHA256:…"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value)}
        />
        <Button type="submit" size="sm" variant="default" loading={task.busy} disabled={key.trim() === "" || name.trim() === ""}>
          {t("settings.trustKey")}
        </Button>
      </form>
    </section>
  );
}

function KeyTable({
  keys,
  onRemove,
}: {
  readonly keys: readonly TrustedKey[];
  readonly onRemove: (fingerprint: string) => void;
}): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<TrustedKey>[] = [
    { title: t("settings.keyName"), cell: (one) => one.name },
    { title: t("settings.key"), cell: ({ fingerprint }) => <code>{fingerprint}</code> },
    {
      title: "",
      cell: ({ fingerprint }) => (
        <Button size="compact-sm" variant="default" onClick={() => onRemove(fingerprint)}>
          {t("settings.distrustKey")}
        </Button>
      ),
    },
  ];
  return <DataTable caption={t("settings.keys")} columns={columns} rows={keys} keyOf={({ fingerprint }) => fingerprint} />;
}
