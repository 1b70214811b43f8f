import { Button } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useMemo } from "react";
import type { ReactNode } from "react";
import { findShells } from "@doppelwerk/client";
import { ScrollRegion, Empty, Failure, Waiting, aasOf, formatPlace, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { forgetConcepts } from "./aas-access.ts";
import { ConceptView } from "./concept-view.tsx";
import { ElementView } from "./element-view.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { Finder } from "./finder.tsx";
import type { ListMode } from "./list-mode.ts";
import { ShellView } from "./shell-view.tsx";
import { SubmodelView } from "./submodel-view.tsx";
import "./explorer.css";

const ImportPanel = lazy(() => import("./import-panel.tsx").then(({ ImportPanel: view }) => ({ default: view })));
const TemplatesPanel = lazy(() => import("./templates-panel.tsx").then(({ TemplatesPanel: view }) => ({ default: view })));

/** Every shell of the repository, and what the one selected holds; the address keeps the place. */
export function Explorer({ place }: { readonly place: ExplorerPlace }): ReactNode {
  const studio = useStudio();
  useEffect(() => studio.commits.subscribe(forgetConcepts), [studio]);
  const moves = useMemo(
    (): ExplorerMoves => ({
      go: (next) => studio.address.go({ view: "assets", detail: formatPlace(next) }),
      amend: (next) => studio.address.amend({ view: "assets", detail: formatPlace(next) }),
    }),
    [studio],
  );
  if (place.mode === "import")
    return (
      <Suspense fallback={<Waiting />}>
        <ImportPanel moves={moves} />
      </Suspense>
    );
  if (place.mode === "templates")
    return (
      <Suspense fallback={<Waiting />}>
        <TemplatesPanel place={place} moves={moves} />
      </Suspense>
    );
  return <Shells place={place} moves={moves} of={place.mode} />;
}

interface Placed {
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}

function Shells({ place, moves, of }: Placed & { readonly of: ListMode }): ReactNode {
  const { t } = useWords();
  const chosen = place.shell !== undefined || place.submodel !== undefined || place.asset !== undefined || place.concept !== undefined;
  const back = (): void => {
    const { find, query } = place;
    moves.go({ mode: of, ...(find !== undefined && { find }), ...(query !== undefined && { query }) });
  };
  return (
    <div className={`dw-explorer ${chosen ? "is-chosen" : ""}`}>
      <Finder place={place} moves={moves} of={of} />
      <ScrollRegion className="dw-explorer-detail" label={t("assets.explorer.details")}>
        {chosen && (
          <Button className="dw-explorer-back" variant="subtle" size="sm" leftSection={<IconArrowLeft size={16} />} onClick={back}>
            {t("assets.explorer.back")}
          </Button>
        )}
        <Detail place={place} moves={moves} />
      </ScrollRegion>
    </div>
  );
}

function Detail({ place, moves }: Placed): ReactNode {
  const { t } = useWords();
  if (place.concept !== undefined) return <ConceptView place={{ ...place, concept: place.concept }} moves={moves} />;
  if (place.submodel !== undefined && place.path !== undefined)
    return (
      <ElementView key={`${place.submodel} ${place.path}`} place={{ ...place, submodel: place.submodel, path: place.path }} moves={moves} />
    );
  if (place.submodel !== undefined) return <SubmodelView place={{ ...place, submodel: place.submodel }} moves={moves} />;
  if (place.shell !== undefined) return <ShellView id={place.shell} place={place} moves={moves} />;
  if (place.asset !== undefined) return <AssetOfLink asset={place.asset} place={place} moves={moves} />;
  if (place.mode === "concepts")
    return <Empty title={t("assets.explorer.chooseConceptTitle")} text={t("assets.explorer.chooseConceptText")} />;
  return <Empty title={t("assets.explorer.chooseTitle")} text={t("assets.explorer.chooseText")} />;
}

/** What an identification link leads to: the shell of the asset it names. */
function AssetOfLink({ asset, place, moves }: Placed & { readonly asset: string }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const found = useLoad(async () => {
    for await (const id of findShells(aasOf(studio, branch), [{ name: "globalAssetId", value: asset }], 1)) return { id };
    return { id: undefined };
  }, [asset, branch]);
  if (found.kind === "failed") return <Failure message={found.message} code={found.code} onRetry={found.reload} />;
  if (found.value === undefined) return <Waiting />;
  if (found.value.id === undefined)
    return <Empty title={t("assets.explorer.noAssetTitle")} text={t("assets.explorer.noAssetText", { asset })} />;
  return <ShellView id={found.value.id} place={place} moves={moves} />;
}
