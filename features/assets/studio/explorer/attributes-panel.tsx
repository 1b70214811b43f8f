import { Button, Select, TextInput } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { metadataOf, validate, VALUE_TYPES } from "@doppelwerk/aas";
import type { LangString, Qualifier, Reference, Submodel, SubmodelElement, ValueType } from "@doppelwerk/aas";
import { putElement, writeMetadata } from "@doppelwerk/client";
import { FindingText, useWords } from "@doppelwerk/kit/studio";
import { ConceptPicker } from "./concept-picker.tsx";
import { EditFoot } from "./edit-foot.tsx";
import { LanguageLines, LexicalInput, ReferenceEditor, RemoveLine } from "./editors.tsx";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";

/** What this screen changes of a submodel or element besides its value. */
interface Attributes {
  readonly displayName?: readonly LangString[];
  readonly description?: readonly LangString[];
  readonly semanticId?: Reference | undefined;
  readonly qualifiers?: readonly Qualifier[];
  readonly valueType?: ValueType;
  readonly administration?: Submodel["administration"];
}

/** What the API adds to tell of live and planned values: it is shown elsewhere and is never written. */
const SHOWN_ONLY = /^(Live|Planned)[A-Z]/;

/** Names, meaning and qualifiers of a submodel or element, to be read or changed. */
export function AttributesPanel({
  node,
  submodel,
  path,
  past,
  revision,
}: {
  readonly node: Submodel | SubmodelElement;
  readonly submodel: string;
  readonly path?: string;
  readonly past: boolean;
  /** At which the node was read. */
  readonly revision: number | undefined;
}): ReactNode {
  const { t } = useWords();
  const { busy, change } = useChange();
  const draft = useDraft<Attributes>(metadataOf(node) as Attributes);
  const { shown: now, set } = draft;
  const next = cleaned({ ...draft.next });
  const broken = draft.isBegun ? validate({ ...node, ...next }).find(({ severity }) => severity === "error") : undefined;
  const what = path ?? node.idShort ?? submodel;
  const save = async (): Promise<void> => {
    const done = await change({
      reason: t("assets.explorer.attributesOf", { what }),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revision,
      run: (api) =>
        path !== undefined && !hasMetadataForm(node)
          ? putElement(api, { submodel, path }, cleaned({ ...node, ...draft.next }) as unknown as SubmodelElement)
          : writeMetadata(api, { submodel, ...(path !== undefined && { path }) }, next),
    });
    if (done) draft.saved();
  };
  const semantic = now.semanticId;
  const simple = semantic === undefined || semantic.keys.length === 1;
  const qualifiers = (now.qualifiers ?? []).filter(({ type }) => !SHOWN_ONLY.test(type));
  return (
    <form
      key={draft.key}
      className="dw-attributes"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <fieldset disabled={past} className="dw-plain">
        <LanguageLines
          label={t("assets.explorer.displayName")}
          texts={now.displayName ?? []}
          onChange={(displayName, wrong) => set({ displayName }, wrong)}
        />
        <LanguageLines
          label={t("assets.explorer.description")}
          texts={now.description ?? []}
          onChange={(description, wrong) => set({ description }, wrong)}
        />
        {simple ? (
          <ConceptPicker
            label={t("assets.explorer.semanticId")}
            value={semantic?.keys[0]?.value ?? ""}
            onChange={(id) =>
              set({
                semanticId:
                  id.trim() === ""
                    ? undefined
                    : {
                        type: "ExternalReference",
                        ...semantic,
                        keys: [{ type: "GlobalReference", ...semantic?.keys[0], value: id.trim() }],
                      },
              })
            }
          />
        ) : (
          <ReferenceEditor label={t("assets.explorer.semanticId")} reference={semantic} onChange={(semanticId) => set({ semanticId })} />
        )}
        {now.valueType !== undefined && (
          <Select
            size="sm"
            label={t("assets.explorer.valueType")}
            data={[...VALUE_TYPES]}
            value={now.valueType}
            allowDeselect={false}
            searchable
            onChange={(type) => set({ valueType: type as ValueType })}
          />
        )}
        {node.modelType === "Submodel" && (
          <div className="dw-two">
            {(["version", "revision"] as const).map((name) => (
              <TextInput
                key={name}
                size="sm"
                label={t(`assets.explorer.${name}`)}
                value={now.administration?.[name] ?? ""}
                onChange={(event) => {
                  const { [name]: _, ...rest } = now.administration ?? {};
                  const text = event.currentTarget.value;
                  set({ administration: text === "" ? rest : { ...rest, [name]: text } });
                }}
              />
            ))}
          </div>
        )}
        <Qualifiers qualifiers={qualifiers} onChange={(list) => set({ qualifiers: list })} />
      </fieldset>
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={draft.problem ?? (broken && <FindingText finding={broken} />)}
          overtaken={
            draft.overtaken.length === 0 ? undefined : draft.overtaken.map((name) => t.or(`assets.explorer.${name}`, name)).join(", ")
          }
          of={{ submodel, ...(path !== undefined && { path }) }}
          onForget={draft.forget}
        />
      )}
    </form>
  );
}

function Qualifiers({
  qualifiers,
  onChange,
}: {
  readonly qualifiers: readonly Qualifier[];
  readonly onChange: (qualifiers: readonly Qualifier[]) => void;
}): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-languages" role="group" aria-label={t("assets.explorer.qualifiers")}>
      <span className="dw-label">{t("assets.explorer.qualifiers")}</span>
      {qualifiers.map((qualifier, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
        <div key={index} className="dw-qualifier-line">
          <TextInput
            size="sm"
            aria-label={t("assets.explorer.qualifierType")}
            placeholder={t("assets.explorer.qualifierType")}
            value={qualifier.type}
            spellCheck={false}
            onChange={(event) => onChange(qualifiers.with(index, { ...qualifier, type: event.currentTarget.value }))}
          />
          <Select
            size="sm"
            aria-label={t("assets.explorer.valueType")}
            data={[...VALUE_TYPES]}
            value={qualifier.valueType}
            allowDeselect={false}
            onChange={(type) => onChange(qualifiers.with(index, { ...qualifier, valueType: type as ValueType }))}
          />
          <LexicalInput
            label=""
            name={t("assets.explorer.value")}
            type={qualifier.valueType}
            text={qualifier.value ?? ""}
            onText={(text) => {
              const { value: _, ...rest } = qualifier;
              onChange(qualifiers.with(index, text === "" ? rest : { ...rest, value: text }));
            }}
          />
          <RemoveLine onClick={() => onChange(qualifiers.filter((_, each) => each !== index))} />
        </div>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        onClick={() => onChange([...qualifiers, { type: "", valueType: "xs:string" } as Qualifier])}
      >
        {t("assets.explorer.addQualifier")}
      </Button>
    </div>
  );
}

/** Elements of these classes have no metadata form in the API: they are written whole. */
function hasMetadataForm({ modelType }: Submodel | SubmodelElement): boolean {
  return modelType !== "Operation" && modelType !== "Capability";
}

/** Without what is empty: an empty list is no list in this metamodel. */
function cleaned(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(attributes)
      .map(([name, value]): [string, unknown] => [
        name,
        name === "qualifiers" || name === "extensions"
          ? (value as readonly { readonly type?: string; readonly name?: string }[] | undefined)?.filter(
              (each) => !SHOWN_ONLY.test(each.type ?? each.name ?? ""),
            )
          : value,
      ])
      .filter(
        ([, value]) =>
          value !== undefined &&
          !(Array.isArray(value) && value.length === 0) &&
          !(typeof value === "object" && value !== null && Object.keys(value).length === 0),
      ),
  );
}
