import { Autocomplete, Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConceptDescription, DataSpecificationIec61360, ValueReferencePair } from "@doppelwerk/aas";
import { putConceptDescription } from "@doppelwerk/client";
import { unitName, useWords } from "@doppelwerk/kit/studio";
import { revisionOf } from "./aas-access.ts";
import { AllowedValues } from "./allowed-values.tsx";
import { EditForm } from "./edit-form.tsx";
import { LanguageLines } from "./editors.tsx";
import { firstError } from "./first-error.ts";
import { contentOf, DATA_TYPES, UNITS, withContent } from "./iec61360.ts";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";

/** Names, unit, type and allowed values of a concept, to be read or changed. */
export function ConceptForm({ concept, past }: { readonly concept: ConceptDescription; readonly past: boolean }): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const draft = useDraft(contentOf(concept));
  const { shown: now, set } = draft;
  const next = withContent(concept, draft.next);
  const broken = draft.isBegun ? firstError(next) : undefined;
  const what = concept.idShort ?? concept.id;
  const setPairs = (pairs: readonly ValueReferencePair[]): void =>
    set({ valueList: pairs.length === 0 ? undefined : { valueReferencePairs: pairs } } as Partial<DataSpecificationIec61360>);
  const save = async (): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.changeOf", { what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revisionOf(concept),
      run: (api) => putConceptDescription(api, next),
    });
    if (done) draft.saved();
  };
  return (
    <EditForm draft={draft} disabled={past} busy={busy} finding={broken} of={undefined} wordOf={wordOf} onSave={() => void save()}>
      <LanguageLines
        label={t("assets.explorer.preferredName")}
        texts={now.preferredName}
        onChange={(preferredName, bad) => set({ preferredName }, bad)}
      />
      <LanguageLines
        label={t("assets.explorer.definition")}
        texts={now.definition ?? []}
        onChange={(definition, bad) => set({ definition }, bad)}
      />
      <UnitAndType content={now} onChange={set} />
      <div className="dw-two">
        <TextInput
          size="sm"
          label={t("assets.explorer.symbol")}
          value={now.symbol ?? ""}
          onChange={(event) => set({ symbol: event.currentTarget.value })}
        />
        <TextInput
          size="sm"
          label={t("assets.explorer.source")}
          value={now.sourceOfDefinition ?? ""}
          onChange={(event) => set({ sourceOfDefinition: event.currentTarget.value })}
        />
      </div>
      <AllowedValues pairs={now.valueList?.valueReferencePairs ?? []} onChange={setPairs} />
    </EditForm>
  );
}

/** What the form calls an attribute. */
function wordOf(name: string): string {
  return name === "sourceOfDefinition" ? "source" : name === "valueList" ? "allowedValues" : name;
}

function UnitAndType({
  content,
  onChange,
}: {
  readonly content: DataSpecificationIec61360;
  readonly onChange: (part: Partial<DataSpecificationIec61360>) => void;
}): ReactNode {
  const { t, language } = useWords();
  return (
    <div className="dw-two">
      <Autocomplete
        size="sm"
        label={t("assets.explorer.unit")}
        data={UNITS}
        limit={40}
        description={unitName(content.unit, language)}
        renderOption={({ option }) => (
          <>
            {option.value} <small className="dw-quiet">{unitName(option.value, language)}</small>
          </>
        )}
        value={content.unit ?? ""}
        onChange={(unit) => onChange({ unit })}
      />
      <Select
        size="sm"
        label={t("assets.explorer.dataType")}
        data={[...DATA_TYPES]}
        value={content.dataType ?? null}
        searchable
        clearable
        onChange={(dataType) => onChange({ dataType: (dataType ?? undefined) as never })}
      />
    </div>
  );
}
