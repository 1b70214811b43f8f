import { Tabs, TextInput, UnstyledButton } from "@mantine/core";
import { IconCursorText, IconPlus } from "@tabler/icons-react";
import { Fragment, useState } from "react";
import type { ReactNode } from "react";
import { childrenOf, elementAt, parseValueText, valueOf, writeValueText } from "@doppelwerk/aas";
import type { BasicEventElement, Submodel, SubmodelElement, ValueOnly } from "@doppelwerk/aas";
import { deleteElement, writeValue } from "@doppelwerk/client";
import { LIVE } from "@doppelwerk/world";
import {
  Empty,
  NotReadAgain,
  aasOf,
  apiPath,
  elementTabs,
  momentText,
  unitName,
  unitText,
  useLoad,
  useScope,
  useStudio,
  useWords,
  withUnit,
} from "@doppelwerk/kit/studio";
import type { ElementTab, ExplorerPlace } from "@doppelwerk/kit/studio";
import { documentPath, ifThere, read, revisionOf } from "./aas-access.ts";
import { AttributesPanel } from "./attributes-panel.tsx";
import { AddElement } from "./add-element.tsx";
import { ComparePanel } from "./compare-panel.tsx";
import { CopyPath, DetailHead, Tool } from "./detail-head.tsx";
import { DeleteThis } from "./delete-this.tsx";
import { EditFoot } from "./edit-foot.tsx";
import { ElementsTable, Standing } from "./elements-table.tsx";
import { hasEditor, ValueEditor } from "./editors.tsx";
import type { Editable } from "./editors.tsx";
import type { ExplorerMoves } from "./explorer.tsx";
import { FileContent } from "./file-content.tsx";
import { HistoryPanel } from "./history-panel.tsx";
import { conceptOf, liveOf, plannedOf } from "./meaning.ts";
import { JsonPanel } from "./json-panel.tsx";
import { ListOrder } from "./list-order.tsx";
import { OperationPanel } from "./operation-panel.tsx";
import { NotRead } from "./not-read.tsx";
import { RenameElement } from "./rename-element.tsx";
import { useSubmodel } from "./submodel-view.tsx";
import { useChange } from "./use-change.ts";
import { useDraft } from "./use-draft.ts";
import { useMeanings } from "./use-meanings.ts";
import { referenceText, valueLine } from "./value-text.ts";

const LIVE_EVERY_MS = 2_000;

/** One element: what it means, its value to be read or changed, its history, and how other branches have it. */
export function ElementView({
  place,
  moves,
}: {
  readonly place: ExplorerPlace & { readonly submodel: string; readonly path: string };
  readonly moves: ExplorerMoves;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t, language } = useWords();
  const loaded = useSubmodel(place.submodel);
  const stored = loaded.value && elementAt(loaded.value, place.path);
  const isLive = stored !== undefined && liveOf(stored) !== undefined && !loaded.past && branch === LIVE;
  const now = useLoad(
    isLive
      ? (signal) => ifThere(read<SubmodelElement>(aasOf(studio, branch), documentPath(place.submodel, place.path), signal))
      : undefined,
    [place.submodel, place.path, branch],
    LIVE_EVERY_MS,
  );
  const element = (isLive ? now.value : undefined) ?? stored;
  const meanings = useMeanings(stored);
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState(false);
  if (loaded.value === undefined) return <NotRead loaded={loaded} past={loaded.past} />;
  if (element === undefined)
    return <Empty title={t("assets.explorer.noElementTitle")} text={t("assets.explorer.noElementText", { path: place.path })} />;
  const meaning = meanings(element);
  const holds = ["SubmodelElementCollection", "SubmodelElementList", "Entity"].includes(element.modelType);
  const inList = place.path.endsWith("]");
  const recorded = { submodel: place.submodel, path: place.path };
  const steps = place.path.split(/(?=[.[])/);
  return (
    <article className="dw-detail">
      <NotReadAgain loaded={loaded} />
      <nav className="dw-detail-crumbs" aria-label={t("assets.explorer.path")}>
        <button type="button" onClick={() => moves.go(without(place, "path"))}>
          {loaded.value.idShort ?? loaded.value.id}
        </button>
        {steps.slice(0, -1).map((step, index) => (
          <button
            type="button"
            key={steps.slice(0, index + 1).join("")}
            onClick={() => moves.go({ ...place, path: steps.slice(0, index + 1).join("") })}
          >
            {step.replace(/^\./, "")}
          </button>
        ))}
      </nav>
      <DetailHead
        title={element.idShort ?? steps.at(-1)!}
        name={meaning.name}
        kind={t(`assets.explorer.kind.${element.modelType}`)}
        id={place.path}
      >
        {!loaded.past && (
          <>
            {holds && (
              <Tool label={t("assets.explorer.addElement")} onClick={() => setAdding(true)}>
                <IconPlus size={16} />
              </Tool>
            )}
            {inList && (
              <ListOrder
                submodel={place.submodel}
                list={place.path.slice(0, place.path.lastIndexOf("["))}
                index={Number(place.path.slice(place.path.lastIndexOf("[") + 1, -1))}
                count={itemsBeside(loaded.value, place.path)}
                onMoved={(index) => moves.amend({ ...place, path: `${place.path.slice(0, place.path.lastIndexOf("["))}[${index}]` })}
              />
            )}
            {!inList && element.idShort !== undefined && (
              <Tool label={t("assets.explorer.rename")} onClick={() => setRenaming(!renaming)}>
                <IconCursorText size={16} />
              </Tool>
            )}
            <DeleteThis
              what={place.path}
              run={(api) => deleteElement(api, { submodel: place.submodel, path: place.path })}
              onDone={() => moves.go(without(place, "path"))}
            />
          </>
        )}
        <CopyPath path={`${apiPath(branch, studio.world.get()?.world)}${documentPath(place.submodel, place.path)}`} />
      </DetailHead>
      {meaning.definition !== undefined && <p className="dw-quiet dw-definition">{meaning.definition}</p>}
      <dl className="dw-facts dw-element-facts">
        {"valueType" in element && (
          <>
            <dt>{t("assets.explorer.valueType")}</dt>
            <dd>{element.valueType}</dd>
          </>
        )}
        {meaning.unit !== undefined && (
          <>
            <dt>{t("assets.explorer.unit")}</dt>
            <dd>
              {unitText(meaning.unit)}{" "}
              {unitName(meaning.unit, language) !== undefined && <small className="dw-quiet">{unitName(meaning.unit, language)}</small>}
            </dd>
          </>
        )}
        {meaning.alsoCalled !== undefined && (
          <>
            <dt>{t("assets.explorer.alsoCalled")}</dt>
            <dd lang={language === "zh" ? "en" : "zh"}>{meaning.alsoCalled}</dd>
          </>
        )}
        {conceptOf(element) !== undefined && (
          <>
            <dt>{t("assets.explorer.semanticId")}</dt>
            <dd className="dw-breaks">
              {meaning.concept === undefined ? (
                conceptOf(element)
              ) : (
                <UnstyledButton
                  className="dw-text-link dw-breaks"
                  onClick={() => moves.go({ mode: "concepts", concept: meaning.concept! })}
                >
                  {meaning.concept}
                </UnstyledButton>
              )}
            </dd>
          </>
        )}
      </dl>
      {renaming && (
        <RenameElement
          submodel={place.submodel}
          path={place.path}
          idShort={element.idShort ?? ""}
          onPlace={(path) => moves.amend({ ...place, path })}
          onDone={() => setRenaming(false)}
        />
      )}
      {adding && <AddElement parent={element} submodel={place.submodel} path={place.path} onDone={() => setAdding(false)} />}
      <Tabs
        value={place.tab === undefined || place.tab === "check" ? "value" : place.tab}
        onChange={(value) => moves.amend({ ...place, tab: value as ElementTab })}
        keepMounted={false}
      >
        <Tabs.List>
          {elementTabs
            .filter((name) => name !== "check")
            .map((name) => (
              <Tabs.Tab key={name} value={name}>
                {t(`assets.explorer.tab.${name}`)}
              </Tabs.Tab>
            ))}
        </Tabs.List>
        <Tabs.Panel value="value">
          <Value
            element={element}
            place={place}
            past={loaded.past}
            unit={meaning.unit}
            values={meaning.values.map(({ value }) => value)}
            revision={revisionOf(loaded.value)}
          />
          {childrenOf(element).length > 0 && (
            <ElementsTable
              parent={element}
              above={place.path}
              meanings={meanings}
              whole={false}
              onWhole={() => moves.go(without(place, "path"))}
              {...(element.modelType === "SubmodelElementList" && !loaded.past && { orderIn: place.submodel })}
              onChoose={(path) => moves.go({ ...place, path })}
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="attributes">
          <AttributesPanel
            node={stored ?? element}
            revision={revisionOf(loaded.value)}
            submodel={place.submodel}
            path={place.path}
            past={loaded.past}
          />
        </Tabs.Panel>
        <Tabs.Panel value="json">
          <JsonPanel apiPath={documentPath(place.submodel, place.path)} what={place.path} of={recorded} />
        </Tabs.Panel>
        <Tabs.Panel value="history">
          <HistoryPanel of={recorded} />
        </Tabs.Panel>
        <Tabs.Panel value="compare">
          <ComparePanel of={recorded} />
        </Tabs.Panel>
      </Tabs>
    </article>
  );
}

function without(place: ExplorerPlace, name: "path"): ExplorerPlace {
  const { [name]: _, tab: __, ...rest } = place;
  return rest;
}

/** Items of the list that an item is in. */
function itemsBeside(submodel: Submodel, path: string): number {
  const list = elementAt(submodel, path.slice(0, path.lastIndexOf("[")));
  return list === undefined ? 0 : childrenOf(list).length;
}

type ElementPlace = ExplorerPlace & { readonly submodel: string; readonly path: string };

/** The value as it is, and to change where it may be changed. */
function Value({
  element,
  place,
  past,
  unit,
  values,
  revision,
}: {
  readonly element: SubmodelElement;
  readonly place: ElementPlace;
  readonly past: boolean;
  readonly unit: string | undefined;
  readonly values: readonly string[];
  readonly revision: number | undefined;
}): ReactNode {
  const { t, language, zone } = useWords();
  const live = liveOf(element);
  const planned = plannedOf(element);
  return (
    <div className="dw-value-panel">
      {live !== undefined && (
        <div className="dw-live-value" aria-live="polite">
          <strong>{withUnit(valueLine(element, language) || "–", unit)}</strong> <Standing element={element} />
          {live.sourceTime !== undefined && <small>{momentText(Date.parse(live.sourceTime) * 1000, zone, language)}</small>}
          <p className="dw-quiet">{t("assets.explorer.live.text")}</p>
        </div>
      )}
      {planned !== undefined && (
        <p className="dw-planned">
          {t("assets.planned", { value: withUnit(planned.value, unit), date: planned.from, owner: planned.owner })}
        </p>
      )}
      {(element.modelType === "File" || element.modelType === "Blob") && (
        <FileContent element={element} submodel={place.submodel} path={place.path} past={past} />
      )}
      {element.modelType === "Operation" && <OperationPanel operation={element} submodel={place.submodel} path={place.path} past={past} />}
      {element.modelType === "BasicEventElement" && <EventFacts event={element} />}
      {element.modelType === "Capability" && <p className="dw-quiet">{t("assets.explorer.capabilityText")}</p>}
      {hasEditor(element) &&
        live === undefined &&
        (past ? (
          <p className="dw-value-past">{withUnit(valueLine(element, language) || "–", unit)}</p>
        ) : (
          <EditValue element={element} place={place} values={values} revision={revision} />
        ))}
    </div>
  );
}

/** What a basic event watches, and how it is told. */
function EventFacts({ event }: { readonly event: BasicEventElement }): ReactNode {
  const { t } = useWords();
  const facts: readonly (readonly [name: string, value: string | undefined])[] = [
    [t("assets.explorer.observed"), referenceText(event.observed)],
    [t("assets.explorer.event.direction"), t(`assets.explorer.event.${event.direction}`)],
    [t("assets.explorer.event.state"), t(`assets.explorer.event.${event.state}`)],
    [t("assets.explorer.event.topic"), event.messageTopic],
    [t("assets.explorer.event.broker"), referenceText(event.messageBroker)],
    [t("assets.explorer.event.last"), event.lastUpdate],
    [t("assets.explorer.event.least"), event.minInterval],
    [t("assets.explorer.event.most"), event.maxInterval],
  ];
  return (
    <dl className="dw-facts">
      {facts
        .filter(([, value]) => value !== undefined && value !== "")
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd className="dw-breaks">{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}

/** The value-only form as text: its numbers, digit by digit, can be held against others. */
function textOfValue(value: ValueOnly | undefined): string | undefined {
  return value === undefined ? undefined : writeValueText(value);
}

function EditValue({
  element,
  place,
  values,
  revision,
}: {
  readonly element: Editable;
  readonly place: ElementPlace;
  readonly values: readonly string[];
  readonly revision: number | undefined;
}): ReactNode {
  const { t, language } = useWords();
  const { busy, change } = useChange();
  // What is being written stays until it is saved or dropped, also when someone else changes the element.
  const draft = useDraft<{ readonly element: Editable; readonly value: string | undefined }>({
    element,
    value: textOfValue(valueOf(element)),
  });
  const [reason, setReason] = useState("");
  const save = async (): Promise<void> => {
    const { value } = draft.next;
    if (value === undefined || draft.problem !== undefined) return;
    const what = element.idShort ?? place.path;
    const done = await change({
      reason: reason.trim() === "" ? t("assets.explorer.changeOf", { what: place.path }) : reason.trim(),
      done: t("assets.explorer.saved", { what }),
      failed: t("assets.explorer.notSaved", { what }),
      since: revision,
      run: (api) => writeValue(api, { submodel: place.submodel, path: place.path }, parseValueText(value)),
    });
    if (!done) return;
    draft.saved();
    setReason("");
  };
  return (
    <form
      className="dw-edit"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <ValueEditor
        key={draft.key}
        element={draft.shown.element}
        values={values}
        onChange={({ value, problem }) => draft.set({ value: textOfValue(value) }, problem)}
      />
      {draft.isBegun && (
        <EditFoot
          busy={busy}
          problem={undefined}
          isBlocked={draft.problem !== undefined}
          overtaken={draft.overtaken.length === 0 ? undefined : valueLine(element, language)}
          of={{ submodel: place.submodel, path: place.path }}
          onForget={draft.forget}
        >
          <TextInput
            size="sm"
            className="dw-grow"
            label={t("assets.explorer.reason")}
            placeholder={t("assets.explorer.changeOf", { what: place.path })}
            value={reason}
            maxLength={300}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </EditFoot>
      )}
    </form>
  );
}
