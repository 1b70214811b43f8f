import { Button, PasswordInput, Select, TextInput } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { OpcuaRole } from "@doppelwerk/client";
import { Card, errorText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { DoppelwerkError } from "@doppelwerk/world";
import "./plant-look.css";

const ROLES: readonly OpcuaRole[] = ["viewer", "operator", "engineer", "administrator"];
const LOOK_MS = 10_000;

/** Who may read the twin over OPC UA; nothing where it is not shown and nobody was let in. */
export function OpcuaReaders(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const shown = useLoad(
    (signal) =>
      studio.client.opcuaServer({ signal }).catch((error: unknown) => {
        // the feature that serves OPC UA is not in this world
        if (error instanceof DoppelwerkError && error.code === "DW_NOT_FOUND") return undefined;
        throw error;
      }),
    [],
    LOOK_MS,
  );
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<OpcuaRole>("viewer");
  const [busy, setBusy] = useState(false);
  const server = shown.value;
  if (server === undefined || (server.url === undefined && server.readers.length === 0)) return null;
  const change = (work: Promise<void>): void => {
    setBusy(true);
    work
      .then(() => {
        setName("");
        setPassword("");
        shown.reload();
      })
      .catch((error: unknown) => studio.notify("trouble", errorText(error)))
      .finally(() => setBusy(false));
  };
  return (
    <Card title={t("connect.readers.title")}>
      <p className="dw-quiet">
        {server.url === undefined ? t("connect.readers.off") : <code>{server.url}</code>}
        {server.modes !== undefined && ` · ${server.modes.map((mode) => t(`connect.access.modes.${mode}`)).join(", ")}`}
        {server.url !== undefined && ` · ${t(server.anonymous === true ? "connect.readers.anonymous" : "connect.readers.named")}`}
      </p>
      {server.modes?.includes("None") === true && <p className="dw-note">{t("connect.readers.plain")}</p>}
      <div className="dw-plant-rows">
        {server.readers.map((reader) => (
          <div key={reader.name} className="dw-plant-row">
            <IconUser size={18} />
            <b>{reader.name}</b>
            <span>{t(`connect.readers.roles.${reader.role}`)}</span>
            <Button size="xs" variant="default" disabled={busy} onClick={() => change(studio.client.removeOpcuaReader(reader.name))}>
              {t("connect.readers.remove")}
            </Button>
          </div>
        ))}
        <form
          className="dw-plant-form"
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== "") change(studio.client.putOpcuaReader(name.trim(), { password, role }));
          }}
        >
          <TextInput
            size="sm"
            label={t("connect.access.user")}
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <PasswordInput
            size="sm"
            label={t("connect.access.password")}
            autoComplete="new-password"
            placeholder={t("connect.readers.password")}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Select
            size="sm"
            label={t("connect.readers.role")}
            allowDeselect={false}
            data={ROLES.map((value) => ({ value, label: t(`connect.readers.roles.${value}`) }))}
            value={role}
            onChange={(value) => setRole((value ?? "viewer") as OpcuaRole)}
          />
          <Button size="sm" type="submit" loading={busy} disabled={name.trim() === "" || password.length < 8}>
            {t("connect.readers.add")}
          </Button>
        </form>
      </div>
    </Card>
  );
}
