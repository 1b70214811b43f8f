import { Button, FileButton } from "@mantine/core";
import { IconFileSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { DragEvent, ReactNode } from "react";
import type { ImportReport } from "@doppelwerk/client";
import { Card, Problem, useWords, type PlantLookComponent } from "@doppelwerk/kit/studio";
import { FindingsList } from "./findings-list.tsx";
import { PlantFileOfferView } from "./plant-file-offer.tsx";
import { usePlantFile } from "./use-plant-file.ts";

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
  const { t } = useWords();
  const { busy, failure, code, offer, report, open, readColumns, importDocuments } = usePlantFile();
  return (
    <FileDrop onFile={open}>
      <FileButton onChange={(file) => file !== null && open(file)} accept=".aasx,.json,.xml,.xes,.csv,.tsv,.txt,.gz">
        {(props) => (
          <Button {...props} size="sm" variant="default" loading={busy} leftSection={<IconFileSearch size={16} />}>
            {t("autoTwin.file.choose")}
          </Button>
        )}
      </FileButton>
      <span className="dw-quiet-text">{t("autoTwin.file.text")}</span>
      {failure !== undefined && <Problem text={failure} code={code} />}
      {offer !== undefined && (
        <PlantFileOfferView
          key={offer.id}
          offer={offer}
          busy={busy}
          onImport={importDocuments}
          onColumns={readColumns}
          onProposed={onProposed}
          Look={Look}
        />
      )}
      {report !== undefined && <Imported report={report} />}
    </FileDrop>
  );
}

/** Takes the first file that is dropped on it. */
function FileDrop({ onFile, children }: { readonly onFile: (file: File) => void; readonly children: ReactNode }): ReactNode {
  const [isOver, setOver] = useState(false);
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file !== undefined) onFile(file);
  };
  return (
    <div
      className={`dw-add dw-plant-drop ${isOver ? "is-over" : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {children}
    </div>
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
      <FindingsList findings={report.findings} count={report.findings.length} />
    </>
  );
}
