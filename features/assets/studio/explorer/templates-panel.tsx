import { Button, FileButton, Select, Switch, TextInput, UnstyledButton } from "@mantine/core";
import { IconCertificate, IconPlus, IconTrash, IconUpload } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import type { ReactNode } from "react";
import { hasErrors, isLexical, readFile } from "@doppelwerk/aas";
import type { ConceptDescription, Submodel, SubmodelElement } from "@doppelwerk/aas";
import {
  checkTemplate,
  formOf,
  instantiateTemplate,
  valueListOf,
  withElementAdded,
  withElementRemoved,
  withElementReplaced,
} from "@doppelwerk/aas/template";
import type { FormField } from "@doppelwerk/aas/template";
import { getPage, postSubmodel } from "@doppelwerk/client";
import {
  Empty,
  Failure,
  FindingText,
  Waiting,
  aasOf,
  errorText,
  unitText,
  useLoad,
  useScope,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ExplorerPlace } from "@doppelwerk/kit/studio";
import { conceptsOf, documentPath, read } from "./aas-access.ts";
import { LexicalInput, ReferenceEditor } from "./editors.tsx";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { conceptOf, meaningOf, textIn } from "./meaning.ts";
import { TemplateFindings } from "./template-check.tsx";

/** Submodels of the repository that are looked through for templates. */
const MOST = 2_000;

interface Chosen {
  readonly template: Submodel;
  /** The templates of the same file. */
  readonly among?: readonly Submodel[];
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
}

/** A submodel from a template of the repository or of a file: the template is the form. */
export function TemplatesPanel({ place, moves }: { readonly place: ExplorerPlace; readonly moves: ExplorerMoves }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const [ofFile, setOfFile] = useState<Chosen | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const listed = useLoad(
    async (signal) => {
      const found: Submodel[] = [];
      let cursor: string | undefined;
      for (let seen = 0; seen < MOST; seen += 1_000) {
        const page = await getPage<Submodel>(aasOf(studio, branch), "/submodels", {
          pageSize: 1_000,
          cursor,
          query: { level: "core" },
          signal,
        });
        found.push(...page.result.filter(({ kind }) => kind === "Template"));
        cursor = page.paging_metadata?.cursor;
        if (cursor === undefined) break;
      }
      return { found, isWhole: cursor === undefined };
    },
    [branch],
  );
  const ofRepository = useLoad(
    place.submodel === undefined
      ? undefined
      : async (signal) => {
          const api = aasOf(studio, branch);
          const template = await read<Submodel>(api, documentPath(place.submodel!), signal);
          return { template, concepts: await conceptsOf(api, template) };
        },
    [place.submodel, branch],
  );
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setFailure(undefined);
    try {
      const { environment } = readFile(new Uint8Array(await file.arrayBuffer()));
      const all = environment.submodels ?? [];
      const templates = all.filter(({ kind }) => kind === "Template");
      const among = templates.length > 0 ? templates : all;
      const [template] = among;
      if (template === undefined) return setFailure(t("assets.explorer.noTemplateInFile", { name: file.name }));
      setOfFile({ template, among, concepts: new Map((environment.conceptDescriptions ?? []).map((concept) => [concept.id, concept])) });
    } catch (error) {
      setFailure(errorText(error));
    }
  };
  const chosen = ofFile ?? (place.submodel === undefined ? undefined : ofRepository.value);
  if (ofRepository.kind === "failed" && place.submodel !== undefined)
    return <Failure message={ofRepository.message} onRetry={ofRepository.reload} />;
  if (chosen !== undefined)
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
  if (place.submodel !== undefined) return <Waiting />;
  return (
    <div className="dw-import dw-scroll">
      <div className="dw-drop">
        <IconCertificate size={28} stroke={1.4} />
        <p>{t("assets.explorer.templateDrop")}</p>
        <FileButton onChange={(file) => void take(file)} accept=".aasx,.json,.xml">
          {(props) => (
            <Button {...props} size="sm" variant="default" leftSection={<IconUpload size={16} />}>
              {t("assets.explorer.templateFile")}
            </Button>
          )}
        </FileButton>
      </div>
      {failure !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {failure}
        </p>
      )}
      {listed.kind === "failed" ? (
        <Failure message={listed.message} onRetry={listed.reload} />
      ) : listed.value === undefined ? (
        <Waiting />
      ) : listed.value.found.length === 0 ? (
        <Empty title={t("assets.explorer.noTemplates")} text={t("assets.explorer.noTemplatesText")} />
      ) : (
        <ul className="dw-submodels dw-templates">
          {listed.value.found.map((template) => (
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
      {listed.value?.isWhole === false && <small>{t("assets.explorer.templatesSoFar", { count: MOST })}</small>}
    </div>
  );
}

function TemplateForm({
  template,
  among = [],
  concepts,
  onTemplate,
  shell,
  moves,
  onBack,
}: Chosen & {
  readonly onTemplate: (template: Submodel) => void;
  readonly shell: string | undefined;
  readonly moves: ExplorerMoves;
  readonly onBack: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const [examples, setExamples] = useState(false);
  const [instance, setInstance] = useState(() => instantiateTemplate(template, `urn:uuid:${crypto.randomUUID()}`));
  const [busy, setBusy] = useState(false);
  const fields = useMemo(() => formOf(instance, template), [instance, template]);
  const findings = useMemo(() => checkTemplate(instance, template, (id) => concepts.get(id)), [instance, template, concepts]);
  const byPath = useMemo(() => Map.groupBy(findings, ({ path }) => path), [findings]);
  const missing = useMemo(() => emptyRequired(fields), [fields]);
  const malformed = useMemo(() => malformedIn(fields), [fields]);
  const told = [
    ...(malformed > 0 ? [t("assets.explorer.stillMalformed", { count: malformed })] : []),
    ...(missing > 0 ? [t("assets.explorer.stillEmpty", { count: missing })] : []),
  ];
  // What belongs to a field stands beside it.
  const elsewhere = useMemo(() => {
    const shown = new Set(pathsIn(fields));
    return findings.filter(({ path }) => !shown.has(path));
  }, [findings, fields]);
  const change: FormChange = {
    concepts,
    findings: byPath,
    replace: (path, element) => setInstance((held) => withElementReplaced(held, path, element)),
    add: (above, wanted) => setInstance((held) => withElementAdded(held, above, wanted)),
    remove: (path) => setInstance((held) => withElementRemoved(held, path)),
  };
  const create = async (): Promise<void> => {
    setBusy(true);
    try {
      const api = aasOf(studio, branch, t("assets.explorer.creationOf", { what: instance.idShort ?? instance.id }));
      await postSubmodel(api, instance, shell);
      studio.commits.update((count) => count + 1);
      studio.notify("good", t("assets.explorer.added", { what: instance.idShort ?? instance.id }));
      moves.go({ mode: shell === undefined ? "submodels" : "shells", ...(shell !== undefined && { shell }), submodel: instance.id });
    } catch (error) {
      studio.notify("trouble", t("assets.explorer.notAdded"), errorText(error));
    }
    setBusy(false);
  };
  return (
    <form
      className="dw-template-form"
      onSubmit={(event) => {
        event.preventDefault();
        void create();
      }}
    >
      <UnstyledButton className="dw-text-link" onClick={onBack}>
        {t("assets.explorer.otherTemplate")}
      </UnstyledButton>
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
      <div className="dw-two">
        <TextInput
          size="sm"
          label="idShort"
          value={instance.idShort ?? ""}
          onChange={(event) => setInstance({ ...instance, idShort: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t("assets.explorer.id")}
          value={instance.id}
          spellCheck={false}
          onChange={(event) => setInstance({ ...instance, id: event.currentTarget.value })}
        />
      </div>
      {shell !== undefined && <p className="dw-quiet dw-breaks">{t("assets.explorer.intoShell", { shell })}</p>}
      <Switch
        size="sm"
        label={t("assets.explorer.withExamples")}
        checked={examples}
        onChange={(event) => {
          const on = event.currentTarget.checked;
          setExamples(on);
          setInstance(instantiateTemplate(template, instance.id, { withOptional: on, withExamples: on }, instance.idShort));
        }}
      />
      {fields.map((field) => (
        <Field key={field.template.idShort} field={field} above="" change={change} />
      ))}
      {elsewhere.length > 0 && (
        <section className={`dw-note ${hasErrors(elsewhere) ? "is-trouble" : ""}`}>
          <TemplateFindings findings={elsewhere} />
        </section>
      )}
      <div className="dw-file-report-foot dw-template-foot">
        <span role="status" className="dw-grow">
          {told.length === 0 ? t("assets.explorer.allGiven") : told.join(" · ")}
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
    </form>
  );
}

interface FormChange {
  readonly findings: ReadonlyMap<string, ReturnType<typeof checkTemplate>>;
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
  replace(path: string, element: SubmodelElement): void;
  add(above: string, template: SubmodelElement): void;
  remove(path: string): void;
}

function Field({ field, above, change }: { readonly field: FormField; readonly above: string; readonly change: FormChange }): ReactNode {
  const { t, language } = useWords();
  const { template, rules, items } = field;
  const meaning = meaningOf(template, change.concepts.get(conceptOf(template) ?? ""), language);
  const name = rules.title ?? meaning.name ?? template.idShort ?? template.modelType;
  const much = !rules.isSaid ? "" : `${rules.least}${rules.most === rules.least ? "" : `…${rules.most ?? "n"}`}`;
  return (
    <fieldset className="dw-template-field">
      <legend title={conceptOf(template)}>
        {name} <small>{much}</small>
        {rules.least > 0 && items.some(({ element }) => isEmpty(element)) && (
          <small className="dw-required">{t("assets.explorer.required")}</small>
        )}
      </legend>
      {(rules.info ?? meaning.definition) !== undefined && <p className="dw-quiet dw-definition">{rules.info ?? meaning.definition}</p>}
      {items.map(({ path, element, fields }) => (
        <div key={path} className="dw-template-item">
          <div className="dw-grow">
            <ItemValue
              element={element}
              field={field}
              unit={meaning.unit}
              concepts={change.concepts}
              onChange={(next) => change.replace(path, next)}
            />
            {(change.findings.get(path) ?? []).map((finding) => (
              <p key={`${finding.constraint} ${finding.message}`} role="alert" className={`dw-field-finding is-${finding.severity}`}>
                <small>{finding.constraint}</small> <FindingText finding={finding} />
              </p>
            ))}
            {fields.map((below) => (
              <Field key={`${below.template.idShort} ${below.template.modelType}`} field={below} above={path} change={change} />
            ))}
          </div>
          {field.mayRemove && (
            <UnstyledButton
              className="dw-template-remove"
              aria-label={t("assets.explorer.removeOf", { what: name })}
              onClick={() => change.remove(path)}
            >
              <IconTrash size={15} />
            </UnstyledButton>
          )}
        </div>
      ))}
      {field.mayAdd && (
        <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => change.add(above, template)}>
          {t("assets.explorer.addOf", { what: name })}
        </Button>
      )}
    </fieldset>
  );
}

/** Whether a value that can be given here is not there. */
function isEmpty(element: SubmodelElement): boolean {
  if (element.modelType === "Property") return (element.value ?? "") === "";
  if (element.modelType === "MultiLanguageProperty") return (element.value ?? []).every(({ text }) => text === "");
  if (element.modelType === "Range") return element.min === undefined && element.max === undefined;
  if (element.modelType === "ReferenceElement" || element.modelType === "File") return element.value === undefined;
  return false;
}

function pathsIn(fields: readonly FormField[]): readonly string[] {
  return fields.flatMap(({ items }) => items.flatMap((item) => [item.path, ...pathsIn(item.fields)]));
}

/** Required values that are still to be given. */
function emptyRequired(fields: readonly FormField[]): number {
  return fields.reduce(
    (sum, { rules, items }) =>
      sum + items.reduce((below, item) => below + (rules.least > 0 && isEmpty(item.element) ? 1 : 0) + emptyRequired(item.fields), 0),
    0,
  );
}

/** Values that are not of their type, as is told beside each; the server would refuse the whole submodel for them. */
function malformedIn(fields: readonly FormField[]): number {
  return fields.reduce(
    (sum, { items }) => sum + items.reduce((below, item) => below + (isMalformed(item.element) ? 1 : 0) + malformedIn(item.fields), 0),
    0,
  );
}

function isMalformed(element: SubmodelElement): boolean {
  const isWrong = (text: string | undefined): boolean =>
    text !== undefined && text !== "" && "valueType" in element && !isLexical(text, element.valueType);
  if (element.modelType === "Property") return isWrong(element.value);
  return element.modelType === "Range" && (isWrong(element.min) || isWrong(element.max));
}

function ItemValue({
  element,
  field,
  unit,
  concepts,
  onChange,
}: {
  readonly element: SubmodelElement;
  readonly field: FormField;
  readonly unit: string | undefined;
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
  readonly onChange: (element: SubmodelElement) => void;
}): ReactNode {
  const { t } = useWords();
  const { rules, template } = field;
  const label = `${element.idShort ?? t("assets.explorer.value")}${unit === undefined ? "" : ` (${unitText(unit)})`}`;
  // The frame around it bears the name already; an item of a list says which it is.
  const shownLabel = unit === undefined ? "" : unitText(unit);
  const example = rules.example ?? ("value" in template && typeof template.value === "string" ? template.value : undefined);
  if (element.modelType === "Property") {
    const values = [...rules.choices, ...valueListOf(template, (id) => concepts.get(id)).map(({ value }) => value)];
    const write = (text: string): void => {
      const { value: _, ...rest } = element;
      onChange(text === "" ? rest : { ...rest, value: text });
    };
    return (
      <LexicalInput
        label={shownLabel}
        name={label}
        type={element.valueType}
        text={element.value ?? ""}
        values={values}
        placeholder={example}
        onText={write}
      />
    );
  }
  if (element.modelType === "MultiLanguageProperty") {
    const languages = [...new Set([...rules.requiredLanguages, ...(element.value ?? []).map(({ language }) => language), "en", "zh"])];
    return (
      <div className="dw-two">
        {languages.map((language) => (
          <TextInput
            key={language}
            size="sm"
            label={language}
            aria-label={`${label} · ${language}`}
            value={element.value?.find((each) => each.language === language)?.text ?? ""}
            onChange={(event) => {
              const text = event.currentTarget.value;
              const others = (element.value ?? []).filter((each) => each.language !== language);
              const { value: _, ...rest } = element;
              const value = text === "" ? others : [...others, { language, text }];
              onChange(value.length === 0 ? rest : { ...rest, value });
            }}
          />
        ))}
      </div>
    );
  }
  if (element.modelType === "Range")
    return (
      <div className="dw-two">
        <LexicalInput
          label={`${label} · ${t("assets.explorer.min")}`}
          type={element.valueType}
          text={element.min ?? ""}
          onText={(min) => onChange({ ...element, min })}
        />
        <LexicalInput
          label={`${label} · ${t("assets.explorer.max")}`}
          type={element.valueType}
          text={element.max ?? ""}
          onText={(max) => onChange({ ...element, max })}
        />
      </div>
    );
  if (element.modelType === "ReferenceElement")
    return (
      <ReferenceEditor
        label={label}
        reference={element.value}
        onChange={(value) => {
          const { value: _, ...rest } = element;
          onChange(value === undefined ? rest : { ...rest, value });
        }}
      />
    );
  if (element.modelType === "File")
    return (
      <p className="dw-quiet">
        {element.idShort} · {t("assets.explorer.kind.File")} · {t("assets.explorer.later")}
      </p>
    );
  return <b className="dw-template-name">{element.idShort}</b>;
}
