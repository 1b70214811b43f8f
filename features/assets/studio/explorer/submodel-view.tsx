import { Badge } from "@mantine/core";
import { IconCertificate, IconCsv, IconPlus, IconPrinter } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import type { Submodel } from "@doppelwerk/aas";
import { deleteSubmodel } from "@doppelwerk/client";
import { NotReadAgain, apiPath, saveFile, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, revisionOf } from "./aas-access.ts";
import { AddElement } from "./add-element.tsx";
import { AttributesPanel } from "./attributes-panel.tsx";
import { ComparePanel } from "./compare-panel.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, DetailHead, Tool } from "./detail-head.tsx";
import { DetailTabs } from "./detail-tabs.tsx";
import { ElementsTable } from "./elements-table.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { FindingsPanel } from "./findings-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { textIn } from "./meaning.ts";
import { NotRead } from "./not-read.tsx";
import { submodelCsv } from "./submodel-csv.ts";
import { useMeanings } from "./use-meanings.ts";
import { useSubmodel } from "./use-submodel.ts";

const PrintDocument = lazy(() => import("./print-document.tsx").then(({ PrintDocument: view }) => ({ default: view })));

interface Placed {
  readonly place: ExplorerPlace & { readonly submodel: string };
  readonly moves: ExplorerMoves;
}

/** One submodel: its elements with their values, its attributes, what is wrong with it, its history, and how other branches have it. */
export function SubmodelView({ place, moves }: Placed): ReactNode {
  const { t, language } = useWords();
  const loaded = useSubmodel(place.submodel);
  const { value: submodel, past } = loaded;
  const [isAdding, setAdding] = useState(false);
  const [isWhole, setWhole] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const meanings = useMeanings(submodel);
  if (submodel === undefined) return <NotRead loaded={loaded} past={past} />;
  const { id, idShort = id } = submodel;
  const of = { submodel: id };
  const download = (): void => {
    const text = submodelCsv(submodel, (element) => meanings(element).unit, language);
    saveFile(`${submodel.idShort ?? "submodel"}.csv`, new Blob([text], { type: "text/csv" }));
  };
  const elements = (
    <ElementsTable
      parent={submodel}
      meanings={meanings}
      whole={isWhole}
      onWhole={() => setWhole(true)}
      onChoose={(path) => moves.go({ ...place, path })}
    />
  );
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <DetailHead
        title={idShort}
        name={textIn(submodel.displayName, language)}
        kind={submodel.kind === "Template" ? t("assets.explorer.template") : t("assets.explorer.submodel")}
        id={id}
      >
        <SubmodelTools
          {...{ submodel, past, place, moves }}
          onAdd={() => setAdding(true)}
          onDownload={download}
          onPrint={() => setPrinting(true)}
        />
      </DetailHead>
      {isPrinting && (
        <Suspense fallback={null}>
          <PrintDocument shell={place.shell} submodel={id} onDone={() => setPrinting(false)} />
        </Suspense>
      )}
      <Facts submodel={submodel} past={past} />
      {isAdding && <AddElement parent={submodel} submodel={id} onDone={() => setAdding(false)} />}
      <DetailTabs
        open={place.tab}
        onOpen={(tab) => moves.amend({ ...place, tab })}
        tabs={[
          { name: "value", panel: elements },
          { name: "attributes", panel: <AttributesPanel key={id} node={submodel} revision={revisionOf(submodel)} {...of} past={past} /> },
          { name: "history", panel: <HistoryPanel of={of} /> },
          { name: "compare", panel: <ComparePanel of={of} /> },
          { name: "check", panel: <FindingsPanel place={place} moves={moves} /> },
          { name: "json", panel: <JsonPanel apiPath={documentPath(id)} what={idShort} of={of} /> },
        ]}
      />
    </article>
  );
}

/** What can be done with a submodel; in the past nothing that changes it. */
function SubmodelTools({
  submodel,
  past,
  place,
  moves,
  onAdd,
  onDownload,
  onPrint,
}: Placed & {
  readonly submodel: Submodel;
  readonly past: boolean;
  readonly onAdd: () => void;
  readonly onDownload: () => void;
  readonly onPrint: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const inShell = place.shell !== undefined && { shell: place.shell };
  return (
    <>
      {!past && (
        <Tool label={t("assets.explorer.addElement")} onClick={onAdd}>
          <IconPlus size={16} />
        </Tool>
      )}
      <Tool label={t("assets.explorer.check")} onClick={() => moves.amend({ ...place, tab: "check" })}>
        <IconCertificate size={16} />
      </Tool>
      <Tool label={t("assets.explorer.csv")} onClick={onDownload}>
        <IconCsv size={16} />
      </Tool>
      <Tool label={t("assets.explorer.print")} onClick={onPrint}>
        <IconPrinter size={16} />
      </Tool>
      {!past && (
        <DeleteThis
          what={submodel.idShort ?? submodel.id}
          run={(api) => deleteSubmodel(api, { submodel: submodel.id, ...inShell })}
          onDone={() => moves.go({ mode: place.mode, ...inShell })}
        />
      )}
      <CopyPath path={`${apiPath(branch, studio.address.store.get().world)}${documentPath(submodel.id)}`} />
    </>
  );
}

/** Its version and meaning, and that it is as it was. */
function Facts({ submodel: { administration, semanticId }, past }: { readonly submodel: Submodel; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-detail-facts">
      {administration?.version !== undefined && (
        <Badge variant="default" size="sm">
          {administration.version}.{administration.revision ?? "0"}
        </Badge>
      )}
      {semanticId !== undefined && <small className="dw-breaks">{semanticId.keys.map(({ value }) => value).join(" / ")}</small>}
      {past && <small>{t("assets.explorer.past")}</small>}
    </div>
  );
}
