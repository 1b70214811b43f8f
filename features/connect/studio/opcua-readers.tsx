import { Button, PasswordInput, Select, TextInput } from "@mantine/core";
import { IconUser } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { OpcuaRole } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { Card, useLoad, useStudio, useTask, useWords, type Studio } from "@doppelwerk/kit/studio";
import "./plant-look.css";

type OpcuaServer = Awaited<ReturnType<Studio["client"]["opcuaServer"]>>;
/** Changes who may read, and shows the new list. */
type Change = (work: () => Promise<void>) => void;

const ROLES: readonly OpcuaRole[] = ["viewer", "operator", "engineer", "administrator"];
const RELOAD_MS = 10_000;
const MIN_PASSWORD_LENGTH = 8;

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
    RELOAD_MS,
  );
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error));
  const server = shown.value;
  if (server === undefined || (server.url === undefined && server.readers.length === 0)) return null;
  const change: Change = (work) => run(() => work().then(shown.reload));
  return (
    <Card title={t("connect.readers.title")}>
      <ServerAddress server={server} />
      {server.modes?.includes("None") === true && <p className="dw-note">{t("connect.readers.plain")}</p>}
      <div className="dw-plant-rows">
        {server.readers.map(({ name, role }) => (
          <div key={name} className="dw-plant-row">
            <IconUser size={18} />
            <b>{name}</b>
            <span>{t(`connect.readers.roles.${role}`)}</span>
            <Button size="xs" variant="default" disabled={busy} onClick={() => change(() => studio.client.removeOpcuaReader(name))}>
              {t("connect.readers.remove")}
            </Button>
          </div>
        ))}
        <AddReader busy={busy} onChange={change} />
      </div>
    </Card>
  );
}

function ServerAddress({ server: { url, modes, anonymous } }: { readonly server: OpcuaServer }): ReactNode {
  const { t } = useWords();
  return (
    <p className="dw-quiet">
      {url === undefined ? t("connect.readers.off") : <code>{url}</code>}
      {modes !== undefined && ` · ${modes.map((mode) => t(`connect.access.modes.${mode}`)).join(", ")}`}
      {url !== undefined && ` · ${t(anonymous === true ? "connect.readers.anonymous" : "connect.readers.named")}`}
    </p>
  );
}

function AddReader({ busy, onChange }: { readonly busy: boolean; readonly onChange: Change }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [role, setRole] = useState<OpcuaRole>("viewer");
  const add = (): void =>
    onChange(async () => {
      await studio.client.putOpcuaReader(name.trim(), { password, role });
      setName("");
      setPassword("");
    });
  return (
    <form
      className="dw-plant-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== "") add();
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
      <Button size="sm" type="submit" loading={busy} disabled={name.trim() === "" || password.length < MIN_PASSWORD_LENGTH}>
        {t("connect.readers.add")}
      </Button>
    </form>
  );
}
