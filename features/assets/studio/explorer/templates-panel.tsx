import { Button, FileButton, UnstyledButton } from "@mantine/core";
import { IconCertificate, IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Empty, Failure, Problem, Waiting, useTask, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { textIn } from "./meaning.ts";
import { templateOfFile } from "./template-file.ts";
import { TemplateForm } from "./template-form.tsx";
import { MAX_SUBMODELS, useTemplate, useTemplates, type ChosenTemplate } from "./use-templates.ts";

interface Placed {
  readonly place: ExplorerPlace;
  readonly moves: ExplorerMoves;
}

interface Listed {
  readonly listed: ReturnType<typeof useTemplates>;
}

/** A submodel from a template of the repository or of a file: the template is the form. */
export function TemplatesPanel({ place, moves }: Placed): ReactNode {
  const [ofFile, setOfFile] = useState<ChosenTemplate | undefined>(undefined);
  const listed = useTemplates();
  const ofRepository = useTemplate(place.submodel);
  const chosen = ofFile ?? (place.submodel === undefined ? undefined : ofRepository.value);
  if (ofRepository.kind === "failed" && place.submodel !== undefined)
    return <Failure message={ofRepository.message} code={ofRepository.code} onRetry={ofRepository.reload} />;
  if (chosen === undefined)
    return place.submodel === undefined ? <TemplateChoice {...{ place, moves, listed }} onTemplate={setOfFile} /> : <Waiting />;
  return (
    <div className="dw-import dw-scroll">
      <TemplateForm
        key={chosen.template.id}
        {...chosen}
        onTemplate={(template) => setOfFile({ ...chosen, template })}
        shell={place.shell}
        moves={moves}
        onBack={() => {
          setOfFile(undefined);
          moves.go({ mode: "templates", ...(place.shell !== undefined && { shell: place.shell }) });
        }}
      />
    </div>
  );
}

/** A file with a template, or one of those of the repository. */
function TemplateChoice({
  place,
  moves,
  listed,
  onTemplate,
}: Placed & Listed & { readonly onTemplate: (template: ChosenTemplate) => void }): ReactNode {
  const { t } = useWords();
  const { failure, code, run } = useTask();
  const open = (file: File): void =>
    run(async () => {
      const template = templateOfFile(new Uint8Array(await file.arrayBuffer()));
      if (template === undefined) throw new Error(t("assets.explorer.noTemplateInFile", { name: file.name }));
      onTemplate(template);
    });
  return (
    <div className="dw-import dw-scroll">
      <div className="dw-drop">
        <IconCertificate size={28} stroke={1.4} />
        <p>{t("assets.explorer.templateDrop")}</p>
        <FileButton onChange={(file) => file !== null && open(file)} accept=".aasx,.json,.xml">
          {(props) => (
            <Button {...props} size="sm" variant="default" leftSection={<IconUpload size={16} />}>
              {t("assets.explorer.templateFile")}
            </Button>
          )}
        </FileButton>
      </div>
      {failure !== undefined && <Problem text={failure} code={code} />}
      <RepositoryTemplates {...{ place, moves, listed }} />
    </div>
  );
}

function RepositoryTemplates({ place, moves, listed }: Placed & Listed): ReactNode {
  const { t, language } = useWords();
  if (listed.kind === "failed") return <Failure message={listed.message} code={listed.code} onRetry={listed.reload} />;
  if (listed.value === undefined) return <Waiting />;
  const { found, isWhole } = listed.value;
  return (
    <>
      {found.length === 0 ? (
        <Empty title={t("assets.explorer.noTemplates")} text={t("assets.explorer.noTemplatesText")} />
      ) : (
        <ul className="dw-submodels dw-templates">
          {found.map((template) => (
            <li key={template.id}>
              <UnstyledButton className="dw-list-line" onClick={() => moves.go({ ...place, mode: "templates", submodel: template.id })}>
                <IconCertificate size={16} />
                <span>{template.idShort ?? template.id}</span>
                <small>{textIn(template.description, language)}</small>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
      {!isWhole && <small>{t("assets.explorer.templatesSoFar", { count: MAX_SUBMODELS })}</small>}
    </>
  );
}
