import { IconPlus, IconPrinter } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import type { ReactNode } from "react";
import { encodeId } from "@doppelwerk/aas";
import type { Shell } from "@doppelwerk/aas";
import { deleteShell } from "@doppelwerk/client";
import { NotReadAgain, ShellMarks, apiPath, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { ComparePanel } from "./compare-panel.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, DetailHead, Tool } from "./detail-head.tsx";
import { DetailTabs } from "./detail-tabs.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { HistoryPanel } from "./history-panel.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { textIn } from "./meaning.ts";
import { NewDocument } from "./new-document.tsx";
import { NotRead } from "./not-read.tsx";
import { ShellEditor } from "./shell-editor.tsx";
import { ShellOverview } from "./shell-overview.tsx";
import { useShell } from "./use-shell.ts";

const PrintDocument = lazy(() => import("./print-document.tsx").then(({ PrintDocument: view }) => ({ default: view })));

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
  const { t, language } = useWords();
  const loaded = useShell(id);
  const [isAdding, setAdding] = useState(false);
  const [isPrinting, setPrinting] = useState(false);
  const { past } = loaded;
  if (loaded.value === undefined) return <NotRead loaded={loaded} past={past} />;
  const { shell, submodels } = loaded.value;
  const what = shell.idShort ?? shell.id;
  const of = { shell: id };
  const list: ExplorerPlace = { mode: place.mode, ...(place.find !== undefined && { find: place.find }) };
  const at: ExplorerPlace = { ...list, shell: id };
  const description = textIn(shell.description, language);
  const overview = <ShellOverview shell={shell} submodels={submodels} past={past} place={at} moves={moves} />;
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <DetailHead
        title={what}
        name={textIn(shell.displayName, language)}
        kind={t("assets.explorer.shell")}
        id={shell.id}
        mark={<ShellMarks shell={shell.id} />}
      >
        <ShellTools
          shell={shell}
          past={past}
          onAdd={() => setAdding(!isAdding)}
          onDeleted={() => moves.go(list)}
          onPrint={() => setPrinting(true)}
        />
      </DetailHead>
      {description !== undefined && <p className="dw-quiet">{description}</p>}
      {isPrinting && (
        <Suspense fallback={null}>
          <PrintDocument shell={id} onDone={() => setPrinting(false)} />
        </Suspense>
      )}
      {isAdding && <NewDocument kind="submodels" shell={id} moves={moves} onDone={() => setAdding(false)} />}
      <DetailTabs
        open={place.tab}
        onOpen={(tab) => moves.amend({ ...at, tab })}
        tabs={[
          { name: "value", title: t("assets.explorer.tab.overview"), panel: overview },
          { name: "attributes", panel: <ShellEditor key={shell.id} shell={shell} past={past} /> },
          { name: "history", panel: <HistoryPanel of={of} /> },
          { name: "compare", panel: <ComparePanel of={of} /> },
          { name: "json", panel: <JsonPanel apiPath={`/shells/${encodeId(id)}`} what={what} of={of} /> },
        ]}
      />
    </article>
  );
}

/** What can be done with a shell; in the past nothing that changes it. */
function ShellTools({
  shell,
  past,
  onAdd,
  onDeleted,
  onPrint,
}: {
  readonly shell: Shell;
  readonly past: boolean;
  readonly onAdd: () => void;
  readonly onDeleted: () => void;
  readonly onPrint: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  return (
    <>
      {!past && (
        <>
          <Tool label={t("assets.explorer.new.submodels")} onClick={onAdd}>
            <IconPlus size={16} />
          </Tool>
          <DeleteThis what={shell.idShort ?? shell.id} run={(api) => deleteShell(api, shell.id)} onDone={onDeleted} />
        </>
      )}
      <Tool label={t("assets.explorer.print")} onClick={onPrint}>
        <IconPrinter size={16} />
      </Tool>
      <CopyPath path={`${apiPath(branch, studio.address.store.get().world)}/shells/${encodeId(shell.id)}`} />
    </>
  );
}
