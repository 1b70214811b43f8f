import { useState } from "react";
import type { ReactNode } from "react";
import type { Submodel } from "@doppelwerk/aas";
import { Empty, NotReadAgain, ValueNotes, useWords } from "@doppelwerk/kit/studio";
import { documentPath, revisionOf } from "./aas-access.ts";
import { AddElement } from "./add-element.tsx";
import { AttributesPanel } from "./attributes-panel.tsx";
import { ComparePanel } from "./compare-panel.tsx";
import { DetailHead } from "./detail-head.tsx";
import { DetailTabs } from "./detail-tabs.tsx";
import { ElementFacts } from "./element-facts.tsx";
import { placeOfSubmodel, stepsOf, type ElementPlace } from "./element-place.ts";
import { ElementTools } from "./element-tools.tsx";
import { ElementValue } from "./element-value.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { HistoryPanel } from "./history-panel.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { NotRead } from "./not-read.tsx";
import { RenameElement } from "./rename-element.tsx";
import { useElement } from "./use-element.ts";
import { useMeanings } from "./use-meanings.ts";

/** One element: what it means, its value to be read or changed, its history, and how other branches have it. */
export function ElementView({ place, moves }: { readonly place: ElementPlace; readonly moves: ExplorerMoves }): ReactNode {
  const { t } = useWords();
  const { submodel: id, path } = place;
  const { loaded, stored, element } = useElement(id, path);
  const meanings = useMeanings(stored);
  const [isAdding, setAdding] = useState(false);
  const [isRenaming, setRenaming] = useState(false);
  const { value: submodel, past } = loaded;
  if (submodel === undefined) return <NotRead loaded={loaded} past={past} />;
  if (element === undefined)
    return <Empty title={t("assets.explorer.noElementTitle")} text={t("assets.explorer.noElementText", { path })} />;
  const meaning = meanings(element);
  const revision = revisionOf(submodel);
  const of = { submodel: id, path };
  const at = { place, moves, past };
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <Crumbs submodel={submodel} place={place} moves={moves} />
      <DetailHead
        title={element.idShort ?? stepsOf(path).at(-1)!}
        name={meaning.name}
        kind={t(`assets.explorer.kind.${element.modelType}`)}
        id={path}
      >
        <ElementTools
          {...at}
          element={element}
          submodel={submodel}
          onAdd={() => setAdding(true)}
          onRename={() => setRenaming(!isRenaming)}
        />
      </DetailHead>
      {meaning.definition !== undefined && <p className="dw-quiet dw-definition">{meaning.definition}</p>}
      {place.shell !== undefined && element.idShort !== undefined && <ValueNotes shell={place.shell} name={element.idShort} />}
      <ElementFacts element={element} meaning={meaning} moves={moves} />
      {isRenaming && (
        <RenameElement
          {...of}
          idShort={element.idShort ?? ""}
          onPlace={(to) => moves.amend({ ...place, path: to })}
          onDone={() => setRenaming(false)}
        />
      )}
      {isAdding && <AddElement parent={element} {...of} onDone={() => setAdding(false)} />}
      <DetailTabs
        open={place.tab}
        onOpen={(tab) => moves.amend({ ...place, tab })}
        tabs={[
          { name: "value", panel: <ElementValue {...at} element={element} meanings={meanings} revision={revision} /> },
          { name: "attributes", panel: <AttributesPanel node={stored ?? element} revision={revision} {...of} past={past} /> },
          { name: "history", panel: <HistoryPanel of={of} /> },
          { name: "compare", panel: <ComparePanel of={of} /> },
          { name: "json", panel: <JsonPanel apiPath={documentPath(id, path)} what={path} of={of} /> },
        ]}
      />
    </article>
  );
}

/** The way from the submodel to the element. */
function Crumbs({
  submodel,
  place,
  moves,
}: {
  readonly submodel: Submodel;
  readonly place: ElementPlace;
  readonly moves: ExplorerMoves;
}): ReactNode {
  const { t } = useWords();
  const steps = stepsOf(place.path);
  const above = steps.slice(0, -1).map((step, index) => ({ name: step.replace(/^\./, ""), path: steps.slice(0, index + 1).join("") }));
  return (
    <nav className="dw-detail-crumbs" aria-label={t("assets.explorer.path")}>
      <button type="button" onClick={() => moves.go(placeOfSubmodel(place))}>
        {submodel.idShort ?? submodel.id}
      </button>
      {above.map(({ name, path }) => (
        <button type="button" key={path} onClick={() => moves.go({ ...place, path })}>
          {name}
        </button>
      ))}
    </nav>
  );
}
