import { Button, TextInput } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { LogColumns } from "@doppelwerk/client";
import { useWords, type PlantLookComponent, type Translate } from "@doppelwerk/kit/studio";
import type { PlantFileOffer, ProposalRequest } from "../contract.ts";
import { FindingsList } from "./findings-list.tsx";
import { EventLogRead, TableRead } from "./log-columns.tsx";
import { ProposeButton } from "./propose-button.tsx";

/** What was found in a file, and what can be made of it. */
export function PlantFileOfferView({
  offer,
  busy,
  onImport,
  onColumns,
  onProposed,
  Look,
}: {
  readonly offer: PlantFileOffer;
  readonly busy: boolean;
  readonly onImport: () => void;
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
          <Button size="sm" variant="subtle" loading={busy} onClick={onImport} leftSection={<IconFileImport size={16} />}>
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
      <FindingsList findings={offer.findings} count={offer.findings.length + offer.moreFindings} />
    </>
  );
}
