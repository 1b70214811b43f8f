import { Button, UnstyledButton } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { ConceptDescription, SubmodelElement } from "@doppelwerk/aas";
import type { checkTemplate, FormField } from "@doppelwerk/aas/template";
import { FindingText, useWords } from "@doppelwerk/kit/studio";
import { conceptOf, meaningOf } from "./meaning.ts";
import { TemplateItem } from "./template-item.tsx";
import { isEmpty } from "./template-progress.ts";

export interface FormChange {
  readonly findings: ReadonlyMap<string, ReturnType<typeof checkTemplate>>;
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
  replace(path: string, element: SubmodelElement): void;
  add(above: string, template: SubmodelElement): void;
  remove(path: string): void;
}

/** One element of a template: as many of it as are given, with what is wrong with each, and the fields below it. */
export function TemplateField({
  field,
  above,
  change,
}: {
  readonly field: FormField;
  readonly above: string;
  readonly change: FormChange;
}): ReactNode {
  const { t, language } = useWords();
  const { template, rules, items } = field;
  const meaning = meaningOf(template, change.concepts.get(conceptOf(template) ?? ""), language);
  const name = rules.title ?? meaning.name ?? template.idShort ?? template.modelType;
  const cardinality = !rules.isSaid ? "" : `${rules.least}${rules.most === rules.least ? "" : `…${rules.most ?? "n"}`}`;
  return (
    <fieldset className="dw-template-field">
      <legend title={conceptOf(template)}>
        {name} <small>{cardinality}</small>
        {rules.least > 0 && items.some(({ element }) => isEmpty(element)) && (
          <small className="dw-required">{t("assets.explorer.required")}</small>
        )}
      </legend>
      {(rules.info ?? meaning.definition) !== undefined && <p className="dw-quiet dw-definition">{rules.info ?? meaning.definition}</p>}
      {items.map(({ path, element, fields }) => (
        <div key={path} className="dw-template-item">
          <div className="dw-grow">
            <TemplateItem
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
              <TemplateField key={`${below.template.idShort} ${below.template.modelType}`} field={below} above={path} change={change} />
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
