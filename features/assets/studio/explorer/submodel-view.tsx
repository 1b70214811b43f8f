import { Badge, Tabs } from "@mantine/core";
import { IconCertificate, IconCsv, IconPlus, IconPrinter } from "@tabler/icons-react";
import { lazy, Suspense, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Submodel } from "@doppelwerk/aas";
import { deleteSubmodel } from "@doppelwerk/client";
import { NotReadAgain, aasOf, apiPath, elementTabs, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ElementTab, ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, read, revisionOf } from "./aas-access.ts";
import { AttributesPanel } from "./attributes-panel.tsx";
import { AddElement } from "./add-element.tsx";
import { ComparePanel } from "./compare-panel.tsx";
import { CopyPath, DetailHead, Tool } from "./detail-head.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { ElementsTable } from "./elements-table.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { FindingsPanel } from "./findings-panel.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { textIn } from "./meaning.ts";
import { NotRead } from "./not-read.tsx";
import { submodelCsv } from "./submodel-csv.ts";
import { useDocumentPath } from "./use-document-path.ts";
import { useMeanings } from "./use-meanings.ts";

const PrintDocument = lazy(() => import("./print-document.tsx").then((room) => ({ default: room.PrintDocument })));

/** The submodel at the place, live or as it stood at the instant shown. */
export function useSubmodel(id: string): ReturnType<typeof useLoad<Submodel>> & { readonly past: boolean } {
  const studio = useStudio();
  const { branch } = useScope();
  const commits = useStore(studio.commits);
  const { path, past } = useDocumentPath(documentPath(id));
  const loaded = useLoad((signal) => read<Submodel>(aasOf(studio, branch), path, signal), [id, branch], undefined, `${path} ${commits}`);
  return { ...loaded, past };
}

export function SubmodelView({
  place,
  moves,
}: {
  readonly place: ExplorerPlace & { readonly submodel: string };
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const loaded = useSubmodel(place.submodel);
  const [adding, setAdding] = useState(false);
  const [whole, setWhole] = useState(false);
  const [printing, setPrinting] = useState(false);
  const submodel = loaded.value;
  const meanings = useMeanings(submodel);
  const tab = place.tab ?? "value";
  const download = useMemo(
    () => (): void => {
      if (submodel === undefined) return;
      const text = submodelCsv(submodel, (element) => meanings(element).unit, language);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
      link.download = `${submodel.idShort ?? "submodel"}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    },
    [submodel, meanings, language],
  );
  if (submodel === undefined) return <NotRead loaded={loaded} past={loaded.past} />;
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <DetailHead
        title={submodel.idShort ?? submodel.id}
        name={textIn(submodel.displayName, language)}
        kind={submodel.kind === "Template" ? t("assets.explorer.template") : t("assets.explorer.submodel")}
        id={submodel.id}
      >
        {!loaded.past && (
          <Tool label={t("assets.explorer.addElement")} onClick={() => setAdding(true)}>
            <IconPlus size={16} />
          </Tool>
        )}
        <Tool label={t("assets.explorer.check")} onClick={() => moves.amend({ ...place, tab: "check" })}>
          <IconCertificate size={16} />
        </Tool>
        <Tool label={t("assets.explorer.csv")} onClick={download}>
          <IconCsv size={16} />
        </Tool>
        <Tool label={t("assets.explorer.print")} onClick={() => setPrinting(true)}>
          <IconPrinter size={16} />
        </Tool>
        {!loaded.past && (
          <DeleteThis
            what={submodel.idShort ?? submodel.id}
            run={(api) => deleteSubmodel(api, { submodel: submodel.id, ...(place.shell !== undefined && { shell: place.shell }) })}
            onDone={() => moves.go({ mode: place.mode, ...(place.shell !== undefined && { shell: place.shell }) })}
          />
        )}
        <CopyPath path={`${apiPath(branch, studio.world.get()?.world)}${documentPath(submodel.id)}`} />
      </DetailHead>
      {printing && (
        <Suspense fallback={null}>
          <PrintDocument shell={place.shell} submodel={submodel.id} onDone={() => setPrinting(false)} />
        </Suspense>
      )}
      <div className="dw-detail-facts">
        {submodel.administration?.version !== undefined && (
          <Badge variant="default" size="sm">
            {submodel.administration.version}.{submodel.administration.revision ?? "0"}
          </Badge>
        )}
        {submodel.semanticId !== undefined && (
          <small className="dw-breaks">{submodel.semanticId.keys.map(({ value }) => value).join(" / ")}</small>
        )}
        {loaded.past && <small>{t("assets.explorer.past")}</small>}
      </div>
      {adding && <AddElement parent={submodel} submodel={submodel.id} onDone={() => setAdding(false)} />}
      <Tabs value={tab} onChange={(value) => moves.amend({ ...place, tab: value as ElementTab })} keepMounted={false}>
        <Tabs.List>
          {elementTabs.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`assets.explorer.tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="value">
          <ElementsTable
            parent={submodel}
            meanings={meanings}
            whole={whole}
            onWhole={() => setWhole(true)}
            onChoose={(path) => moves.go({ ...place, path })}
          />
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <AttributesPanel key={submodel.id} node={submodel} revision={revisionOf(submodel)} submodel={submodel.id} past={loaded.past} />
        </Tabs.Panel>
        <Tabs.Panel value="check">
          <FindingsPanel place={place} moves={moves} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonPanel apiPath={documentPath(submodel.id)} what={submodel.idShort ?? submodel.id} of={{ submodel: submodel.id }} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel of={{ submodel: submodel.id }} />
        </Tabs.Panel>
        <Tabs.Panel value="compare">
          <ComparePanel of={{ submodel: submodel.id }} />
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}
