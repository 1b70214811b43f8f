import type { ReactNode } from "react";
import type { ModelDetail } from "@doppelwerk/client";
import { Card, formatPlace, useStudio, useWords } from "@doppelwerk/kit/studio";
import { sizeText } from "./size-text.ts";

/** What comes with the model: who made it, its file, the submodel that announces it and the files of its asset. */
export function DocumentsCard({ model }: { readonly model: ModelDetail }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const open = (submodel: string, path: string): void =>
    studio.address.go({ view: "assets", detail: formatPlace({ mode: "submodels", submodel, path }) });
  const facts = (["author", "generationTool", "generationTime", "copyright", "license"] as const).filter(
    (name) => model[name] !== undefined,
  );
  return (
    <Card title={t("simulate.models.documents")} note={model.shellName}>
      {facts.length > 0 && (
        <dl className="dw-facts">
          {facts.map((name) => (
            <div key={name}>
              <dt>{t(`simulate.models.said.${name}`)}</dt>
              <dd className="dw-breaks">{model[name]}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="dw-model-documents">
        <button type="button" className="dw-model" onClick={() => open(model.submodel, model.path)}>
          <b>{model.fileName}</b>
          <small>
            {t("simulate.models.announcedIn", { path: model.path })} · {sizeText(model.size)}
          </small>
        </button>
        {model.documents.map(({ name, contentType, size, submodel, submodelName, path }) => (
          <button type="button" key={`${submodel} ${path}`} className="dw-model" onClick={() => open(submodel, path)}>
            <b>{name}</b>
            <small>
              {[submodelName, contentType, size === undefined ? t("simulate.models.notStored") : sizeText(size)]
                .filter(Boolean)
                .join(" · ")}
            </small>
          </button>
        ))}
      </div>
      {model.documents.length === 0 && <p className="dw-quiet">{t("simulate.models.noDocuments")}</p>}
    </Card>
  );
}
