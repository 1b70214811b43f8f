import { Button, FileButton, TextInput } from "@mantine/core";
import { IconFileImport, IconFileSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { DragEvent, ReactNode } from "react";
import type { ImportReport, LogColumns } from "@doppelwerk/client";
import { Card, FindingText, errorText, useStudio, useWords, type PlantLookComponent } from "@doppelwerk/kit/studio";
import { lookIntoFile } from "../calls.ts";
import type { PlantFileOffer, ProposalRequest } from "../contract.ts";
import type { Translate } from "@doppelwerk/kit/studio";
import { EventLogRead, TableRead } from "./log-columns.tsx";
import { ProposeButton } from "./propose-button.tsx";

const SHOWN = 12;

/** A file instead of an address: dropped or chosen, looked into, and then proposed as a merge request; documents may be imported at once as well. */
export default function PlantFileCard(props: CardProps): ReactNode {
  const { t } = useWords();
  return (
    <Card title={t("autoTwin.importTitle")}>
      <PlantFile {...props} />
    </Card>
  );
}

interface CardProps {
  readonly onBegun: (id: string) => void;
  readonly Look: PlantLookComponent;
}

function PlantFile({ onBegun: onProposed, Look }: CardProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [busy, setBusy] = useState(false);
  const [over, setOver] = useState(false);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [held, setHeld] = useState<{ readonly offer: PlantFileOffer; readonly bytes: Uint8Array<ArrayBuffer> } | undefined>(undefined);
  const [report, setReport] = useState<ImportReport | undefined>(undefined);
  const run = (work: () => Promise<void>): void => {
    setBusy(true);
    setFailure(undefined);
    work()
      .catch((error: unknown) => setFailure(errorText(error)))
      .finally(() => setBusy(false));
  };
  const look = (file: File | null | undefined): void => {
    if (file === null || file === undefined) return;
    setHeld(undefined);
    setReport(undefined);
    run(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      setHeld({ offer: await lookIntoFile(studio.client, { query: { name: file.name }, body: bytes }), bytes });
    });
  };
  const lookAgain = (columns: LogColumns): void =>
    run(async () => {
      if (held === undefined) return;
      const { bytes, offer } = held;
      setHeld({ offer: await lookIntoFile(studio.client, { query: { ...columns, name: offer.name }, body: bytes }), bytes });
    });
  const take = (): void =>
    run(async () => {
      if (held === undefined) return;
      setReport(await studio.client.importFile(held.offer.name, held.bytes));
      setHeld(undefined);
      studio.commits.update((count) => count + 1);
    });
  const drop = {
    onDragOver: (event: DragEvent) => {
      event.preventDefault();
      setOver(true);
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      event.preventDefault();
      setOver(false);
      look(event.dataTransfer.files[0]);
    },
  };
  return (
    <div className={`dw-add dw-plant-drop ${over ? "is-over" : ""}`} {...drop}>
      <FileButton onChange={look} accept=".aasx,.json,.xml,.xes,.csv,.tsv,.txt,.gz">
        {(props) => (
          <Button {...props} size="sm" variant="default" loading={busy} leftSection={<IconFileSearch size={16} />}>
            {t("autoTwin.file.choose")}
          </Button>
        )}
      </FileButton>
      <span className="dw-quiet-text">{t("autoTwin.file.text")}</span>
      {failure !== undefined && <p className="dw-note is-trouble">{failure}</p>}
      {held !== undefined && (
        <Looked
          key={held.offer.id}
          offer={held.offer}
          busy={busy}
          onTake={take}
          onColumns={lookAgain}
          onProposed={onProposed}
          Look={Look}
        />
      )}
      {report !== undefined && <Imported report={report} />}
    </div>
  );
}

function Looked({
  offer,
  busy,
  onTake,
  onColumns,
  onProposed,
  Look,
}: {
  readonly offer: PlantFileOffer;
  readonly busy: boolean;
  readonly onTake: () => void;
  readonly onColumns: (columns: LogColumns) => void;
  readonly onProposed: (id: string) => void;
  readonly Look: PlantLookComponent;
}): ReactNode {
  const { t } = useWords();
  const [url, setUrl] = useState("");
  const text = url.trim();
  const request: ProposalRequest = { file: offer.id, name: offer.name.slice(0, 100), ...(text === "" ? {} : { url: text }) };
  return (
    <div className="dw-plant-file">
      <h3 className="dw-small-title">{offer.name}</h3>
      <p>{summaryOf(offer, t)}</p>
      {offer.kind === "eventLog" && <EventLogRead offer={offer} busy={busy} onColumns={onColumns} />}
      {offer.kind === "table" && <TableRead offer={offer} busy={busy} onColumns={onColumns} />}
      {offer.kind === "documents" && <Described offer={offer} />}
      {offer.kind === "devices" && (
        <TextInput
          size="sm"
          label={t("autoTwin.file.agent")}
          description={t("autoTwin.file.agentText")}
          placeholder="http://10.0.0.5:5000"
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          spellCheck={false}
        />
      )}
      <div className="dw-connection-actions">
        {offer.kind !== "table" && (
          <ProposeButton request={request} onBegun={onProposed} disabled={text !== "" && !/^https?:\/\/\S+/.test(text)} />
        )}
        {offer.kind === "documents" && (
          <Button size="sm" variant="subtle" loading={busy} onClick={onTake} leftSection={<IconFileImport size={16} />}>
            {t("autoTwin.file.import")}
          </Button>
        )}
      </div>
      {offer.kind === "devices" && <Look plant={{ url: "", protocol: "mtconnect" }} offer={offer.offer} />}
    </div>
  );
}

function summaryOf(offer: PlantFileOffer, t: Translate): string {
  if (offer.kind === "devices") return t("autoTwin.file.devices", { name: offer.offer.serverName, count: offer.offer.drafts.length });
  if (offer.kind === "documents") return t("autoTwin.file.documents", { shells: offer.shells, submodels: offer.submodels });
  if (offer.kind === "table") return t("autoTwin.file.table", { count: offer.header.length });
  return t("autoTwin.file.eventLog", {
    cases: offer.cases,
    count: offer.activities.length,
    activities: offer.activities.slice(0, 8).join(", ") + (offer.activities.length > 8 ? ", …" : ""),
  });
}

/** What a file of documents connects, and what is wrong with it. */
function Described({ offer }: { readonly offer: Extract<PlantFileOffer, { kind: "documents" }> }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {offer.connections.length > 0 && (
        <>
          <p className="dw-quiet">{t("autoTwin.file.connections")}</p>
          <ul className="dw-findings">
            {offer.connections.map(({ protocol, url, signals }) => (
              <li key={`${protocol} ${url}`}>
                {protocol} <code className="dw-url">{url}</code> {t("plant.signalsNote", { count: signals })}
              </li>
            ))}
          </ul>
        </>
      )}
      <Findings findings={offer.findings} count={offer.findings.length + offer.moreFindings} />
    </>
  );
}

function Imported({ report }: { readonly report: ImportReport }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <p className="dw-note">
        {t("connect.imported", { created: report.created, changed: report.changed })}
        {report.conflicts > 0 && ` ${t("connect.importConflicts", { count: report.conflicts })}`}
        {report.samples !== undefined && ` ${t("connect.importedSamples", { count: report.samples })}`}
        {report.waiting !== undefined && ` ${t("autoTwin.connection.described", { count: report.waiting })}`}
      </p>
      <Findings findings={report.findings} count={report.findings.length} />
    </>
  );
}

function Findings({ findings, count }: { readonly findings: ImportReport["findings"]; readonly count: number }): ReactNode {
  const { t } = useWords();
  if (count === 0) return null;
  return (
    <>
      <h3 className="dw-small-title">{t("plant.findings", { count })}</h3>
      <ul className="dw-findings">
        {findings.slice(0, SHOWN).map((finding) => (
          <li key={`${finding.path} ${finding.message}`}>
            {finding.path} <FindingText finding={finding} />
          </li>
        ))}
      </ul>
    </>
  );
}
