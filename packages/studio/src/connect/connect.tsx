import { Button, FileButton, TextInput, Tooltip } from "@mantine/core";
import { IconFileImport, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ImportReport } from "@doppelwerk/client";
import type { ConnectionStatus } from "@doppelwerk/sync";
import { saidInWords } from "../language/language.ts";
import { errorText } from "../language/error-text.ts";
import { useStudio, useWords } from "../session/context.tsx";
import { useLoad } from "../session/use-load.ts";
import { useStore } from "../store.ts";
import { durationText, momentText } from "../time/format.ts";
import { Card, Empty } from "../values/card.tsx";
import { Proposals, ProposeButton } from "./propose-twin.tsx";
import "./connect.css";

/** Where the values come from: every connection with its state, rate, losses and findings; and the way to add one. */
export function Connect(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const connections = useStore(studio.connections);
  const [proposal, setProposal] = useState<string | undefined>(undefined);
  useLoad(async (signal) => studio.connections.set(await studio.client.connections({ signal })), [], 5000);
  return (
    <div className="dw-page dw-connect">
      <Card title={t("connect.addTitle")}>
        <AddConnection onProposed={setProposal} />
      </Card>
      <Proposals chosen={proposal} onChoose={setProposal} />
      <Card title={t("connect.importTitle")}>
        <ImportFile />
      </Card>
      {connections.length === 0 && <Empty title={t("connect.emptyTitle")} text={t("connect.emptyText")} />}
      {connections.map((connection) => (
        <ConnectionCard key={connection.id} connection={connection} onProposed={setProposal} />
      ))}
    </div>
  );
}

/** Takes an engineering file; what it says of the line is merged, never overwritten. */
function ImportFile(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [report, setReport] = useState<ImportReport | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setBusy(true);
    setFailure(undefined);
    try {
      setReport(await studio.client.importFile(file.name, new Uint8Array(await file.arrayBuffer())));
      studio.commits.update((count) => count + 1);
    } catch (error) {
      setReport(undefined);
      setFailure(errorText(error));
    }
    setBusy(false);
  };
  return (
    <div
      className="dw-add"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        void take(event.dataTransfer.files[0] ?? null);
      }}
    >
      <FileButton onChange={(file) => void take(file)} accept=".aasx,.json,.xml">
        {(props) => (
          <Button {...props} size="sm" variant="default" loading={busy} leftSection={<IconFileImport size={16} />}>
            {t("connect.importChoose")}
          </Button>
        )}
      </FileButton>
      <span className="dw-quiet-text">{t("connect.importText")}</span>
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
      {report !== undefined && (
        <p className="dw-note">
          {t("connect.imported", { created: report.created, changed: report.changed })}
          {report.conflicts > 0 && ` ${t("connect.importConflicts", { count: report.conflicts })}`}
          {report.findings.length > 0 && ` ${t("connect.findings", { count: report.findings.length })}`}
        </p>
      )}
      {report !== undefined && report.findings.length > 0 && (
        <ul className="dw-findings">
          {report.findings.slice(0, 12).map((finding) => (
            <li key={`${finding.path} ${finding.message}`}>
              {finding.path} {finding.message}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function AddConnection({ onProposed }: { readonly onProposed: (id: string) => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [url, setUrl] = useState("");
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const valid = /^(opc\.tcp|mqtts?|wss?|https?|modbus\+tcp|s7|shdr|file|replay|postgres(ql)?):\/\/\S+/.test(url.trim());
  const add = (): void => {
    setBusy(true);
    setFailure(undefined);
    studio.client
      .connect({ url: url.trim(), name: name.trim() || url.trim() })
      .then((connection) => {
        studio.connections.update((list) => [...list.filter((known) => known.id !== connection.id), connection]);
        studio.notify("good", t("connect.added", { name: connection.name }));
        setUrl("");
        setName("");
      })
      .catch((error: Error) => setFailure(error.message))
      .finally(() => setBusy(false));
  };
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
        onChange={(event) => setUrl(event.currentTarget.value)}
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
      <Button size="sm" type="submit" loading={busy} disabled={!valid} leftSection={<IconPlugConnected size={16} />}>
        {t("connect.add")}
      </Button>
      <ProposeButton wish={{ url: url.trim(), name: (name.trim() || url.trim()).slice(0, 100) }} onBegun={onProposed} disabled={!valid} />
      <p className="dw-quiet">{t("connect.addText")}</p>
    </form>
  );
}

function ConnectionCard({
  connection,
  onProposed,
}: {
  readonly connection: ConnectionStatus;
  readonly onProposed: (id: string) => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const down = connection.state === "failed" || connection.state === "reconnecting" || connection.state === "closed";
  return (
    <Card
      title={
        <span className="dw-connection-name">
          <i className={`dw-connection-dot is-${connection.state}`} /> {connection.name}{" "}
          {connection.demo && <span className="dw-badge">{t("frame.demo")}</span>}
        </span>
      }
      note={connection.protocol}
    >
      <code className="dw-url">{connection.url}</code>
      <dl className="dw-connection-facts">
        <div>
          <dt>{t("connect.state")}</dt>
          <dd>
            <Tooltip label={momentText(connection.since, zone, language)}>
              <span className={down ? "is-down" : ""}>{t(`connect.states.${connection.state}`)}</span>
            </Tooltip>
            <small>{t("connect.for", { duration: durationText(studio.now() - connection.since, language) })}</small>
          </dd>
        </div>
        <div>
          <dt>{t("connect.signals")}</dt>
          <dd>{connection.signals}</dd>
        </div>
        <div>
          <dt>{t("connect.rate")}</dt>
          <dd>
            {connection.samplesPerSecond.toFixed(connection.samplesPerSecond < 10 ? 1 : 0)}
            <small>{t("connect.perSecond")}</small>
          </dd>
        </div>
        <div>
          <dt>{t("connect.dropped")}</dt>
          <dd className={connection.dropped > 0 ? "is-down" : ""}>{connection.dropped}</dd>
        </div>
      </dl>
      <ProposeButton wish={{ connection: connection.id }} onBegun={onProposed} />
      {connection.reason !== undefined && <p className="dw-note is-trouble">{connection.reason}</p>}
      {connection.findings.length > 0 && (
        <>
          <h3 className="dw-small-title">{t("connect.findings", { count: connection.findings.length })}</h3>
          <ul className="dw-findings">
            {connection.findings.map((finding, index) => (
              <li key={finding} title={finding}>
                {saidInWords("connectionFinding", connection.told?.[index], finding, t)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Card>
  );
}
