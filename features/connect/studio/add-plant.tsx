import { Button, Select, Textarea, TextInput } from "@mantine/core";
import { IconListSearch, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ConnectionWish, PlantOffer } from "@doppelwerk/client";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { errorText, useStudio, useWords } from "@doppelwerk/kit/studio";
import { AccessFields, PlantLook, type Access } from "./plant-look.tsx";
import { PlantActions } from "./plant-actions.tsx";
import "./connect.css";

const PROTOCOLS = ["opcua", "mqtt", "sparkplug", "modbus", "s7", "http", "mtconnect", "shdr", "csv", "sql", "replay"];

/** What most need to say of a plant that does not describe itself. */
function settingsExample(url: string): string {
  const scheme = url.trim().split(":")[0] ?? "";
  const examples: Readonly<Record<string, object>> = {
    s7: { symbols: [{ name: "Temperature", address: "DB10.DBW4:INT", scale: 0.1, unit: "Cel" }] },
    "modbus+tcp": { registers: [{ name: "Temperature", table: "holding", address: 100, type: "int16", scale: 0.1, unit: "Cel" }] },
    mqtt: { template: "plant/{area}/{machine}/{signal}" },
    mqtts: { template: "plant/{area}/{machine}/{signal}" },
    file: { timeColumn: "at", timeZone: "Europe/Berlin", decimal: "," },
    postgres: { query: "select at, machine, good from counts where at > $1::timestamptz", timeColumn: "at" },
    replay: { speed: 10, shiftToNow: true },
    "opc.tcp": { securityMode: "SignAndEncrypt" },
  };
  return JSON.stringify(examples[scheme] ?? { intervalS: 1 });
}

/** Address, a look inside, what is wanted of it, and then connected or made a twin of: each step can be left out. */
export function AddPlant({
  onConnected,
  onBegun,
}: {
  readonly onConnected: (connection: ConnectionStatus) => void;
  readonly onBegun: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [access, setAccess] = useState<Access>({ securityMode: "None", username: "", password: "" });
  const [busy, setBusy] = useState<"look" | "add" | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [more, setMore] = useState(false);
  const [protocol, setProtocol] = useState<string | null>(null);
  const [settings, setSettings] = useState("");
  const [secret, setSecret] = useState("");
  const [looked, setLooked] = useState<{ readonly plant: ConnectionWish; readonly offer: PlantOffer } | undefined>(undefined);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const text = url.trim();
  const valid = /^(opc\.tcp|mqtts?|wss?|https?|modbus\+tcp|s7|shdr|file|replay|postgres(ql)?):\/\/\S+/.test(text) || HOST.test(text);
  const opcua = text.startsWith("opc.tcp:") || HOST.test(text);
  const hasAccess = opcua || /^(mqtts?|wss?):/.test(text);
  const shownName = (name.trim() || text).slice(0, 100);
  /** Puts user and password under a name first: they are never part of a connection. */
  const wish = async (): Promise<ConnectionWish> => {
    let given: Record<string, unknown> = {};
    try {
      if (settings.trim() !== "") given = JSON.parse(settings) as Record<string, unknown>;
    } catch {
      throw new Error(t("connect.connection.noJson"));
    }
    if (opcua && access.securityMode !== "None") given = { securityMode: access.securityMode, ...given };
    const named = secret.trim() !== "" ? secret.trim() : hasAccess && access.username !== "" ? secretName(text) : undefined;
    if (named !== undefined && hasAccess && access.username !== "")
      await studio.client.putSecret(named, { username: access.username, password: access.password });
    return {
      url: text,
      ...(protocol === null ? {} : { protocol }),
      ...(Object.keys(given).length === 0 ? {} : { settings: given }),
      ...(named === undefined ? {} : { secret: named }),
    };
  };
  const run = (what: "look" | "add", work: () => Promise<void>): void => {
    setBusy(what);
    setFailure(undefined);
    work()
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setBusy(undefined));
  };
  const look = (): void =>
    run("look", async () => {
      const plant = await wish();
      const offer = await studio.client.lookInto(plant);
      setLooked({ plant: { ...plant, protocol: offer.protocol }, offer });
      setChosen(new Set());
    });
  const add = (): void =>
    run("add", async () => {
      const plant = looked?.plant ?? (await wish());
      const addresses = chosen.size === 0 ? {} : { addresses: [...chosen] };
      const connection = await studio.client.connect({ ...plant, name: shownName, ...addresses });
      onConnected(connection);
      studio.notify("good", t("connect.added", { name: connection.name }));
      setUrl("");
      setName("");
      setLooked(undefined);
      setChosen(new Set());
    });
  return (
    <form
      className="dw-add"
      onSubmit={(event) => {
        event.preventDefault();
        if (valid) add();
      }}
    >
      <TextInput
        size="sm"
        label={t("connect.url")}
        placeholder="opc.tcp://10.0.0.5:4840"
        value={url}
        onChange={(event) => {
          setUrl(event.currentTarget.value);
          setLooked(undefined);
          setChosen(new Set());
        }}
        error={failure}
        className="dw-grow"
        spellCheck={false}
      />
      <TextInput
        size="sm"
        label={t("connect.name")}
        placeholder={t("connect.nameHint")}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button
        size="sm"
        variant={looked === undefined ? "filled" : "default"}
        loading={busy === "look"}
        disabled={!valid}
        onClick={look}
        leftSection={<IconListSearch size={16} />}
      >
        {t("connect.look.button")}
      </Button>
      <Button
        size="sm"
        type="submit"
        variant={looked === undefined ? "default" : "filled"}
        loading={busy === "add"}
        disabled={!valid}
        leftSection={<IconPlugConnected size={16} />}
      >
        {chosen.size === 0 ? t("connect.add") : t("connect.addChosen", { count: chosen.size })}
      </Button>
      <PlantActions plant={{ ...looked?.plant, url: text, name: shownName }} onBegun={onBegun} disabled={!valid} />
      <Button size="sm" variant="subtle" onClick={() => setMore(!more)} aria-expanded={more}>
        {t("connect.connection.settings")}
      </Button>
      {more && (
        <div className="dw-add-more">
          <Select
            size="sm"
            label={t("connect.protocol")}
            placeholder={t("connect.protocolByAddress")}
            clearable
            data={PROTOCOLS}
            value={protocol}
            onChange={setProtocol}
          />
          <TextInput
            size="sm"
            label={t("connect.connection.secret")}
            description={t("connect.connection.secretNote")}
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
          />
          <Textarea
            label={t("connect.connection.settingsJson")}
            description={t("connect.connection.settingsNote")}
            placeholder={settingsExample(url)}
            value={settings}
            onChange={(event) => setSettings(event.currentTarget.value)}
            autosize
            minRows={3}
            maxRows={16}
            spellCheck={false}
            classNames={{ input: "dw-code-input" }}
          />
        </div>
      )}
      {hasAccess && <AccessFields access={access} opcua={opcua} onChange={setAccess} />}
      {looked === undefined ? (
        <p className="dw-quiet">{t("connect.addText")}</p>
      ) : (
        <PlantLook plant={looked.plant} offer={looked.offer} chosen={chosen} onChoose={setChosen} />
      )}
    </form>
  );
}

/** A host alone, or with its port: the server adds what usually listens there. */
const HOST = /^(?:\[[0-9a-f:.]+\]|[\p{L}\d](?:[\p{L}\d._-]*[\p{L}\d])?)(?::\d{1,5}(?:\/\S*)?|(?<=\.\d+))$|^localhost$/iu;

function secretName(url: string): string {
  return url
    .replace(/^[a-z.+]+:\/\//i, "")
    .replaceAll(/[^A-Za-z0-9_-]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60)
    .toLowerCase();
}
