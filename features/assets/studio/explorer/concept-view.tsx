import { Autocomplete, Button, Select, Tabs, TextInput, UnstyledButton } from "@mantine/core";
import { IconPlus, IconStack2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { encodeId, validate } from "@doppelwerk/aas";
import type { ConceptDescription, DataSpecificationIec61360, Submodel, ValueReferencePair } from "@doppelwerk/aas";
import { deleteConceptDescription, putConceptDescription, queryPage } from "@doppelwerk/client";
import {
  Failure,
  FindingText,
  NotReadAgain,
  aasOf,
  apiPath,
  unitName,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { ElementTab, ExplorerPlace } from "@doppelwerk/kit/studio";
import { read, revisionOf } from "./aas-access.ts";
import { DeleteThis } from "./delete-this.tsx";
import { CopyPath, DetailHead } from "./detail-head.tsx";
import { EditFoot } from "./edit-foot.tsx";
import { LanguageLines, RemoveLine } from "./editors.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { JsonPanel } from "./json-panel.tsx";
import { textIn } from "./meaning.ts";
import { NotRead } from "./not-read.tsx";
import { useChange } from "./use-change.ts";
import { useDocumentPath } from "./use-document-path.ts";
import { useDraft } from "./use-draft.ts";

/** Units that are offered; any other can be written. */
const UNITS =
  "mm m m² m³ l kg g s min h ms °C K % V A mA W kW kWh VA Hz kHz 1/min N kN N·m bar mbar Pa kPa l/min m³/h m/s m/s² rad ° Ω dB lx mol EUR".split(
    " ",
  );

const DATA_TYPES = [
  "STRING",
  "STRING_TRANSLATABLE",
  "BOOLEAN",
  "INTEGER_COUNT",
  "INTEGER_MEASURE",
  "INTEGER_CURRENCY",
  "REAL_COUNT",
  "REAL_MEASURE",
  "REAL_CURRENCY",
  "RATIONAL",
  "RATIONAL_MEASURE",
  "DATE",
  "TIME",
  "TIMESTAMP",
  "IRI",
  "IRDI",
  "FILE",
  "HTML",
  "BLOB",
] as const;

const SPECIFICATION = "https://admin-shell.io/DataSpecificationTemplates/DataSpecificationIec61360/3";

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
        <CopyPath path={`${apiPath(branch, studio.world.get()?.world)}${path}`} />
      </DetailHead>
      <Tabs
        value={place.tab === "json" ? "json" : "value"}
        onChange={(tab) => moves.amend({ ...place, tab: tab as ElementTab })}
        keepMounted={false}
      >
        <Tabs.List>
          <Tabs.Tab value="value">{t("assets.explorer.tab.value")}</Tabs.Tab>
          <Tabs.Tab value="json">{t("assets.explorer.tab.json")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="value">
          <ConceptForm key={concept.id} concept={concept} past={past} />
          <UsedBy concept={concept.id} moves={moves} />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonPanel apiPath={path} what={concept.idShort ?? concept.id} />
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

function ConceptForm({ concept, past }: { readonly concept: ConceptDescription; readonly past: boolean }): ReactNode {
  const { t, language } = useWords();
  const { busy, change } = useChange();
  const [stored, ...others] = concept.embeddedDataSpecifications ?? [];
  const given: DataSpecificationIec61360 = stored?.dataSpecificationContent ?? {
    modelType: "DataSpecificationIec61360",
    preferredName: [{ language: "en", text: "" }],
  };
  const draft = useDraft(given);
  const { shown: now, set } = draft;
  const next: ConceptDescription = {
    ...concept,
    embeddedDataSpecifications: [
      {
        dataSpecification: stored?.dataSpecification ?? {
          type: "ExternalReference",
          keys: [{ type: "GlobalReference", value: SPECIFICATION }],
        },
        dataSpecificationContent: cleaned(draft.next),
      },
      ...others,
    ],
  };
  const broken = draft.isBegun ? validate(next).find(({ severity }) => severity === "error") : undefined;
  const what = concept.idShort ?? concept.id;
  const pairs = now.valueList?.valueReferencePairs ?? [];
  const setPairs = (list: readonly ValueReferencePair[]): void =>
    set({ valueList: list.length === 0 ? undefined : { valueReferencePairs: list } } as Partial<DataSpecificationIec61360>);
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
          label={t("assets.explorer.preferredName")}
          texts={now.preferredName}
          onChange={(preferredName, bad) => set({ preferredName }, bad)}
        />
        <LanguageLines
          label={t("assets.explorer.definition")}
          texts={now.definition ?? []}
          onChange={(definition, bad) => set({ definition }, bad)}
        />
        <div className="dw-two">
          <Autocomplete
            size="sm"
            label={t("assets.explorer.unit")}
            data={UNITS}
            limit={40}
            description={unitName(now.unit, language)}
            renderOption={({ option }) => (
              <>
                {option.value} <small className="dw-quiet">{unitName(option.value, language)}</small>
              </>
            )}
            value={now.unit ?? ""}
            onChange={(unit) => set({ unit })}
          />
          <Select
            size="sm"
            label={t("assets.explorer.dataType")}
            data={[...DATA_TYPES]}
            value={now.dataType ?? null}
            searchable
            clearable
            onChange={(dataType) => set({ dataType: (dataType ?? undefined) as never })}
          />
        </div>
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
        <div className="dw-languages" role="group" aria-label={t("assets.explorer.allowedValues")}>
          <span className="dw-label">{t("assets.explorer.allowedValues")}</span>
          {pairs.map((pair, index) => (
            // oxlint-disable-next-line react/no-array-index-key -- lines have no other identity while they are typed
            <div key={index} className="dw-language-line dw-asset-id-line">
              <TextInput
                size="sm"
                aria-label={t("assets.explorer.value")}
                placeholder={t("assets.explorer.value")}
                value={pair.value}
                onChange={(event) => setPairs(pairs.with(index, { ...pair, value: event.currentTarget.value }))}
              />
              <TextInput
                size="sm"
                className="dw-grow"
                aria-label={t("assets.explorer.semanticId")}
                placeholder={t("assets.explorer.semanticId")}
                value={pair.valueId?.keys[0]?.value ?? ""}
                onChange={(event) => {
                  const id = event.currentTarget.value;
                  const { valueId: _, ...rest } = pair;
                  setPairs(
                    pairs.with(
                      index,
                      id === ""
                        ? rest
                        : { ...rest, valueId: { type: "ExternalReference", keys: [{ type: "GlobalReference", value: id }] } },
                    ),
                  );
                }}
              />
              <RemoveLine onClick={() => setPairs(pairs.filter((_, each) => each !== index))} />
            </div>
          ))}
          <Button size="xs" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setPairs([...pairs, { value: "" }])}>
            {t("assets.explorer.addValue")}
          </Button>
        </div>
      </fieldset>
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={draft.problem ?? (broken && <FindingText finding={broken} />)}
          overtaken={
            draft.overtaken.length === 0
              ? undefined
              : draft.overtaken.map((name) => t.or(`assets.explorer.${wordOf(name)}`, wordOf(name))).join(", ")
          }
          of={undefined}
          onForget={draft.forget}
        />
      )}
    </form>
  );
}

/** What the form calls an attribute. */
function wordOf(name: string): string {
  return name === "sourceOfDefinition" ? "source" : name === "valueList" ? "allowedValues" : name;
}

/** Without what was emptied: an empty text or list is none in this metamodel. */
function cleaned(content: DataSpecificationIec61360): DataSpecificationIec61360 {
  const given = Object.entries(content).filter(
    ([, value]) => value !== undefined && value !== "" && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(given) as unknown as DataSpecificationIec61360;
}

/** Submodels in which something means this concept. */
function UsedBy({ concept, moves }: { readonly concept: string; readonly moves: ExplorerMoves }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const found = useLoad(
    (signal) =>
      queryPage<Submodel>(
        aasOf(studio, branch),
        "submodels",
        { $condition: { $eq: [{ $field: "$sme#semanticId" }, { $strVal: concept }] } },
        { pageSize: 20, signal },
      ),
    [concept, branch],
  );
  if (found.kind === "failed") return <Failure message={found.message} onRetry={found.reload} />;
  if (found.value === undefined) return null;
  const { result, paging_metadata: paging } = found.value;
  return (
    <section className="dw-block">
      <header>
        <h3>{t("assets.explorer.usedBy")}</h3>
        <span>
          {result.length}
          {paging?.cursor !== undefined && "+"}
        </span>
      </header>
      {result.length === 0 && <p className="dw-quiet">{t("assets.explorer.usedByNone")}</p>}
      <ul className="dw-submodels">
        {result.map(({ id, idShort }) => (
          <li key={id}>
            <UnstyledButton className="dw-list-line" onClick={() => moves.go({ mode: "submodels", submodel: id })}>
              <IconStack2 size={15} stroke={1.6} />
              <span>{idShort ?? id}</span> <small className="dw-breaks">{id}</small>
            </UnstyledButton>
          </li>
        ))}
      </ul>
    </section>
  );
}
