import { Button, Select, Switch, TextInput, UnstyledButton } from "@mantine/core";
import type { ReactNode } from "react";
import { hasErrors } from "@doppelwerk/aas";
import type { Submodel } from "@doppelwerk/aas";
import { postSubmodel } from "@doppelwerk/client";
import { aasOf, useScope, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { textIn } from "./meaning.ts";
import { TemplateFindings } from "./template-check.tsx";
import { TemplateField } from "./template-field.tsx";
import { useTemplateForm } from "./use-template-form.ts";
import type { ChosenTemplate } from "./use-templates.ts";

/** The form of a template: who fills it in creates a submodel, in a shell where `shell` is given. */
export function TemplateForm({
  template,
  among = [],
  concepts,
  onTemplate,
  shell,
  moves,
  onBack,
}: ChosenTemplate & {
  readonly onTemplate: (template: Submodel) => void;
  readonly shell: string | undefined;
  readonly moves: ExplorerMoves;
  readonly onBack: () => void;
}): ReactNode {
  const { t } = useWords();
  const form = useTemplateForm(template, concepts);
  const { instance, elsewhere } = form;
  const { busy, create } = useCreation(instance, shell, moves);
  return (
    <form
      className="dw-template-form"
      onSubmit={(event) => {
        event.preventDefault();
        create();
      }}
    >
      <UnstyledButton className="dw-text-link" onClick={onBack}>
        {t("assets.explorer.otherTemplate")}
      </UnstyledButton>
      <TemplateHead template={template} among={among} onTemplate={onTemplate} />
      <NameFields instance={instance} onChange={form.name} />
      {shell !== undefined && <p className="dw-quiet dw-breaks">{t("assets.explorer.intoShell", { shell })}</p>}
      <Switch
        size="sm"
        label={t("assets.explorer.withExamples")}
        checked={form.withExamples}
        onChange={(event) => form.fillExamples(event.currentTarget.checked)}
      />
      {form.fields.map((field) => (
        <TemplateField key={field.template.idShort} field={field} above="" change={form.change} />
      ))}
      {elsewhere.length > 0 && (
        <section className={`dw-note ${hasErrors(elsewhere) ? "is-trouble" : ""}`}>
          <TemplateFindings findings={elsewhere} />
        </section>
      )}
      <FormFoot busy={busy} instance={instance} missing={form.missing} malformed={form.malformed} />
    </form>
  );
}

/** Stores the submodel, and goes there. */
function useCreation(
  instance: Submodel,
  shell: string | undefined,
  moves: ExplorerMoves,
): { readonly busy: boolean; readonly create: () => void } {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("assets.explorer.notAdded")));
  const what = instance.idShort ?? instance.id;
  const create = (): void =>
    run(async () => {
      await postSubmodel(aasOf(studio, branch, t("assets.explorer.creationOf", { what })), instance, shell);
      studio.commits.update((count) => count + 1);
      studio.notify("good", t("assets.explorer.added", { what }));
      moves.go({ mode: shell === undefined ? "submodels" : "shells", ...(shell !== undefined && { shell }), submodel: instance.id });
    });
  return { busy, create };
}

/** Which template it is; another of the same file can be chosen. */
function TemplateHead({
  template,
  among,
  onTemplate,
}: {
  readonly template: Submodel;
  readonly among: readonly Submodel[];
  readonly onTemplate: (template: Submodel) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <>
      <h2>{template.idShort ?? template.id}</h2>
      {among.length > 1 && (
        <Select
          size="sm"
          label={t("assets.explorer.templateOfFile", { count: among.length })}
          data={among.map(({ id, idShort }) => ({ value: id, label: idShort ?? id }))}
          value={template.id}
          allowDeselect={false}
          onChange={(id) => onTemplate(among.find((each) => each.id === id) ?? template)}
        />
      )}
      <p className="dw-quiet">{textIn(template.description, language)}</p>
    </>
  );
}

function NameFields({
  instance,
  onChange,
}: {
  readonly instance: Submodel;
  readonly onChange: (part: Partial<Pick<Submodel, "id" | "idShort">>) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-two">
      <TextInput
        size="sm"
        label="idShort"
        value={instance.idShort ?? ""}
        onChange={(event) => onChange({ idShort: event.currentTarget.value })}
      />
      <TextInput
        size="sm"
        label={t("assets.explorer.id")}
        value={instance.id}
        spellCheck={false}
        onChange={(event) => onChange({ id: event.currentTarget.value })}
      />
    </div>
  );
}

/** What is still to be given or corrected, and the button that creates it; only what is malformed would be refused. */
function FormFoot({
  busy,
  instance,
  missing,
  malformed,
}: {
  readonly busy: boolean;
  readonly instance: Submodel;
  readonly missing: number;
  readonly malformed: number;
}): ReactNode {
  const { t } = useWords();
  const open = [
    ...(malformed > 0 ? [t("assets.explorer.stillMalformed", { count: malformed })] : []),
    ...(missing > 0 ? [t("assets.explorer.stillEmpty", { count: missing })] : []),
  ];
  return (
    <div className="dw-file-report-foot dw-template-foot">
      <span role="status" className="dw-grow">
        {open.length === 0 ? t("assets.explorer.allGiven") : open.join(" · ")}
      </span>
      <Button
        type="submit"
        size="sm"
        loading={busy}
        disabled={malformed > 0 || instance.id.trim() === "" || (instance.idShort ?? "").trim() === ""}
      >
        {t("assets.explorer.create")}
      </Button>
    </div>
  );
}
