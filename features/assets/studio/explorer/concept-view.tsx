import type { ReactNode } from "react";
import { encodeId } from "@doppelwerk/aas";
import type { ConceptDescription } from "@doppelwerk/aas";
import { deleteConceptDescription } from "@doppelwerk/client";
import { NotReadAgain, aasOf, apiPath, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { read } from "./aas-access.ts";
import { ConceptForm } from "./concept-form.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, DetailHead } from "./detail-head.tsx";
import { DetailTabs } from "./detail-tabs.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { JsonPanel } from "./json-panel.tsx";
import { textIn } from "./meaning.ts";
import { NotRead } from "./not-read.tsx";
import { UsedBy } from "./used-by.tsx";
import { useDocumentPath } from "./use-document-path.ts";

/** A concept description (IEC 61360): what it is called, what it means, in which unit, which values it allows; and what uses it. */
export function ConceptView({
  place,
  moves,
}: {
  readonly place: ExplorerPlace & { readonly concept: string };
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const commits = useStore(studio.commits);
  const path = `/concept-descriptions/${encodeId(place.concept)}`;
  const { path: pathThen, past } = useDocumentPath(path);
  const loaded = useLoad(
    (signal) => read<ConceptDescription>(aasOf(studio, branch), pathThen, signal),
    [place.concept, branch],
    undefined,
    `${pathThen} ${commits}`,
  );
  const concept = loaded.value;
  if (concept === undefined) return <NotRead loaded={loaded} past={past} />;
  const content = concept.embeddedDataSpecifications?.[0]?.dataSpecificationContent;
  const form = (
    <>
      <ConceptForm key={concept.id} concept={concept} past={past} />
      <UsedBy concept={concept.id} moves={moves} />
    </>
  );
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <DetailHead
        title={concept.idShort ?? concept.id}
        name={textIn(content?.preferredName, language)}
        kind={t("assets.explorer.concept")}
        id={concept.id}
      >
        {!past && (
          <DeleteThis
            what={concept.idShort ?? concept.id}
            run={(api) => deleteConceptDescription(api, concept.id)}
            onDone={() => moves.go({ mode: "concepts" })}
          />
        )}
        <CopyPath path={`${apiPath(branch, studio.address.store.get().world)}${path}`} />
      </DetailHead>
      <DetailTabs
        open={place.tab}
        onOpen={(tab) => moves.amend({ ...place, tab })}
        tabs={[
          { name: "value", panel: form },
          { name: "json", panel: <JsonPanel apiPath={path} what={concept.idShort ?? concept.id} /> },
        ]}
      />
    </article>
  );
}
