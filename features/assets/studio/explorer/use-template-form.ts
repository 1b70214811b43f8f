import { useMemo, useState } from "react";
import type { ConceptDescription, Submodel } from "@doppelwerk/aas";
import {
  checkTemplate,
  formOf,
  instantiateTemplate,
  withElementAdded,
  withElementRemoved,
  withElementReplaced,
} from "@doppelwerk/aas/template";
import type { FormField } from "@doppelwerk/aas/template";
import type { FormChange } from "./template-field.tsx";
import { emptyRequired, malformedIn, pathsIn } from "./template-progress.ts";

interface TemplateFormState {
  /** The submodel as it is filled in. */
  readonly instance: Submodel;
  readonly name: (part: Partial<Pick<Submodel, "id" | "idShort">>) => void;
  readonly withExamples: boolean;
  /** Begins again, with what is optional and example values or without them. */
  readonly fillExamples: (on: boolean) => void;
  readonly fields: readonly FormField[];
  readonly change: FormChange;
  /** Findings of no element that is shown. */
  readonly elsewhere: ReturnType<typeof checkTemplate>;
  /** Required values that are not given, and values that are not of their type. */
  readonly missing: number;
  readonly malformed: number;
}

/** A submodel that is filled in after a template, and checked against it. */
export function useTemplateForm(template: Submodel, concepts: ReadonlyMap<string, ConceptDescription>): TemplateFormState {
  const [withExamples, setWithExamples] = useState(false);
  const [instance, setInstance] = useState(() => instantiateTemplate(template, `urn:uuid:${crypto.randomUUID()}`));
  const fields = useMemo(() => formOf(instance, template), [instance, template]);
  const findings = useMemo(() => checkTemplate(instance, template, (id) => concepts.get(id)), [instance, template, concepts]);
  const byPath = useMemo(() => Map.groupBy(findings, ({ path }) => path), [findings]);
  const missing = useMemo(() => emptyRequired(fields), [fields]);
  const malformed = useMemo(() => malformedIn(fields), [fields]);
  // what belongs to a field is shown beside it
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
  const fillExamples = (on: boolean): void => {
    setWithExamples(on);
    setInstance(instantiateTemplate(template, instance.id, { withOptional: on, withExamples: on }, instance.idShort));
  };
  return {
    instance,
    name: (part) => setInstance((held) => ({ ...held, ...part })),
    withExamples,
    fillExamples,
    fields,
    change,
    elsewhere,
    missing,
    malformed,
  };
}
