import { Tabs, UnstyledButton } from "@mantine/core";
import { IconPlus, IconPrinter, IconStack2 } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import { encodeId } from "@doppelwerk/aas";
import type { Shell, Submodel } from "@doppelwerk/aas";
import { deleteShell } from "@doppelwerk/client";
import { INSTALLATION } from "@doppelwerk/operations";
import { NotReadAgain, aasOf, apiPath, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ElementTab, ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, ifThere, read } from "./aas-access.ts";
import type { ExplorerMoves } from "./explorer.tsx";
import { textIn } from "./meaning.ts";
import { NotRead } from "./not-read.tsx";
import { NewDocument } from "./new-document.tsx";
import { ShellEditor } from "./shell-editor.tsx";
import { submodelIdsOf } from "./shell-tree.ts";
import { ComparePanel } from "./compare-panel.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, DetailHead, Tool } from "./detail-head.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { InstalledHere } from "./installed.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { Thumbnail } from "./thumbnail.tsx";
import { useDocumentPath } from "./use-document-path.ts";

const PrintDocument = lazy(() => import("./print-document.tsx").then((room) => ({ default: room.PrintDocument })));
const Identification = lazy(() => import("./identification.tsx").then((room) => ({ default: room.Identification })));

/** One shell: which asset it stands for, its submodels, its identification link. */
export function ShellView({
  id,
  place,
  moves,
}: {
  readonly id: string;
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const { path, past } = useDocumentPath(`/shells/${encodeId(id)}`);
  const [adding, setAdding] = useState(false);
  const [printing, setPrinting] = useState(false);
  const commits = useStore(studio.commits);
  const loaded = useLoad(
    async (signal) => {
      const api = aasOf(studio, branch);
      const shell = await read<Shell>(api, path, signal);
      const submodels = await Promise.all(
        submodelIdsOf(shell).map(async (of) => ({ id: of, head: await ifThere(read<Submodel>(api, `${documentPath(of)}/$metadata`)) })),
      );
      return { shell, submodels };
    },
    [id, branch],
    undefined,
    `${path} ${commits}`,
  );
  if (loaded.value === undefined) return <NotRead loaded={loaded} past={past} />;
  const { shell, submodels } = loaded.value;
  const { assetInformation: asset } = shell;
  const tab = place.tab === undefined || place.tab === "check" ? "value" : place.tab;
  const at: ExplorerPlace = { mode: place.mode, ...(place.find !== undefined && { find: place.find }), shell: id };
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <DetailHead
        title={shell.idShort ?? shell.id}
        name={textIn(shell.displayName, language)}
        kind={t("assets.explorer.shell")}
        id={shell.id}
      >
        {!past && (
          <>
            <Tool label={t("assets.explorer.new.submodels")} onClick={() => setAdding(!adding)}>
              <IconPlus size={16} />
            </Tool>
            <DeleteThis
              what={shell.idShort ?? shell.id}
              run={(api) => deleteShell(api, id)}
              onDone={() => moves.go({ mode: place.mode, ...(place.find !== undefined && { find: place.find }) })}
            />
          </>
        )}
        <Tool label={t("assets.explorer.print")} onClick={() => setPrinting(true)}>
          <IconPrinter size={16} />
        </Tool>
        <CopyPath path={`${apiPath(branch, studio.world.get()?.world)}/shells/${encodeId(id)}`} />
      </DetailHead>
      {textIn(shell.description, language) !== undefined && <p className="dw-quiet">{textIn(shell.description, language)}</p>}
      {printing && (
        <Suspense fallback={null}>
          <PrintDocument shell={id} onDone={() => setPrinting(false)} />
        </Suspense>
      )}
      {adding && <NewDocument kind="submodels" shell={id} moves={moves} onDone={() => setAdding(false)} />}
      <Tabs value={tab} onChange={(next) => moves.amend({ ...at, tab: next as ElementTab })} keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="value">{t("assets.explorer.tab.overview")}</Tabs.Tab>
          <Tabs.Tab value="attributes">{t("assets.explorer.tab.attributes")}</Tabs.Tab>
          <Tabs.Tab value="history">{t("assets.explorer.tab.history")}</Tabs.Tab>
          <Tabs.Tab value="compare">{t("assets.explorer.tab.compare")}</Tabs.Tab>
          <Tabs.Tab value="json">{t("assets.explorer.tab.json")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="history">
          <HistoryPanel of={{ shell: id }} />
        </Tabs.Panel>
        <Tabs.Panel value="compare">
          <ComparePanel of={{ shell: id }} />
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <ShellEditor key={shell.id} shell={shell} past={past} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonPanel apiPath={`/shells/${encodeId(id)}`} what={shell.idShort ?? shell.id} of={{ shell: id }} />
        </Tabs.Panel>
        <Tabs.Panel value="value">
          <div className="dw-asset-columns">
            <section className="dw-block">
              <header>
                <h3>{t("assets.explorer.asset")}</h3>
              </header>
              <dl className="dw-facts">
                <dt>{t("assets.explorer.assetKind")}</dt>
                <dd>{t.or(`assets.explorer.assetKinds.${asset.assetKind}`, asset.assetKind)}</dd>
                {asset.globalAssetId !== undefined && (
                  <>
                    <dt>{t("assets.explorer.globalAssetId")}</dt>
                    <dd className="dw-breaks">{asset.globalAssetId}</dd>
                  </>
                )}
                {asset.assetType !== undefined && (
                  <>
                    <dt>{t("assets.explorer.assetType")}</dt>
                    <dd className="dw-breaks">{asset.assetType}</dd>
                  </>
                )}
                {(asset.specificAssetIds ?? []).map(({ name, value }) => (
                  <Fact key={`${name} ${value}`} name={name} value={value} />
                ))}
              </dl>
              <Thumbnail shell={shell} past={past} />
            </section>
            <section className="dw-block">
              <header>
                <h3>{t("assets.submodels")}</h3>
                <span>{submodels.length}</span>
              </header>
              {submodels.length === 0 && <p className="dw-quiet">{t("assets.explorer.noSubmodels")}</p>}
              <ul className="dw-submodels">
                {submodels.map(({ id: of, head }) => (
                  <li key={of}>
                    <UnstyledButton
                      className="dw-list-line"
                      disabled={head === undefined}
                      onClick={() => moves.go({ ...at, submodel: of })}
                    >
                      <IconStack2 size={15} stroke={1.6} />
                      <span>{head?.idShort ?? of}</span>
                      {head === undefined && <small>{t("assets.explorer.notHere")}</small>}
                    </UnstyledButton>
                  </li>
                ))}
              </ul>
              <UnstyledButton className="dw-text-link" onClick={() => moves.go({ mode: "templates", shell: id })}>
                {t("assets.explorer.fromTemplate")}
              </UnstyledButton>
            </section>
            <InstalledHere
              shell={shell}
              own={submodels.find(({ head }) => head?.semanticId?.keys.at(-1)?.value === INSTALLATION)?.id}
              past={past}
              onShell={(other) => moves.go({ mode: "shells", shell: other })}
            />
            <section className="dw-block">
              <header>
                <h3>{t("assets.explorer.identification")}</h3>
                <span>IEC 61406</span>
              </header>
              <Suspense fallback={null}>
                <Identification shell={shell} />
              </Suspense>
            </section>
          </div>
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

function Fact({ name, value }: { readonly name: string; readonly value: string }): ReactNode {
  return (
    <>
      <dt>{name}</dt>
      <dd className="dw-breaks">{value}</dd>
    </>
  );
}
