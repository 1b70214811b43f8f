import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { createPortal } from "react-dom";
import { encodeId } from "@doppelwerk/aas";
import type { ConceptDescription, Shell, Submodel, SubmodelElement } from "@doppelwerk/aas";
import { LIVE } from "@doppelwerk/world";
import type { Instant } from "@doppelwerk/world";
import {
  aasOf,
  apiPath,
  clockText,
  enteredBranch,
  instantText,
  momentText,
  toLocal,
  useScope,
  useStore,
  useStudio,
  useWords,
  withUnit,
  zoneText,
} from "@doppelwerk/kit/studio";
import type { Studio, Zone } from "@doppelwerk/kit/studio";
import { conceptsOf, documentPath, ifThere, read } from "./aas-access.ts";
import { IdentificationCode, pageLink } from "./identification.tsx";
import { besideIdShort, conceptOf, liveOf, meaningOf, plannedOf, textIn } from "./meaning.ts";
import { submodelIdsOf } from "./shell-tree.ts";
import { placedElements } from "./submodel-csv.ts";
import { referenceText, valueLine } from "./value-text.ts";

interface Printed {
  readonly shell?: Shell;
  readonly submodels: readonly { readonly submodel: Submodel; readonly concepts: ReadonlyMap<string, ConceptDescription> }[];
  /** Submodels that the shell names and the repository does not have. */
  readonly missing: readonly string[];
  readonly revision: number;
  readonly at: Instant;
}

/**
 * A shell with all its submodels, or one submodel, as a document on paper: what it is, of which revision and instant, every element with value, unit,
 * quality and meaning. It is gathered, printed and taken away again; the screen is not touched.
 */
export function PrintDocument({
  shell,
  submodel,
  onDone,
}: {
  readonly shell?: string | undefined;
  /** Only this one of the shell. */
  readonly submodel?: string;
  readonly onDone: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { at } = useStore(studio.address.store);
  const [printed, setPrinted] = useState<Printed | undefined>(undefined);
  const done = useRef(onDone);
  done.current = onDone;
  useEffect(() => {
    let wanted = true;
    gather(studio, branch, { shell, submodel, at }).then(
      (gathered) => wanted && setPrinted(gathered),
      (error: unknown) => {
        studio.notifyFailure(error, t("assets.explorer.notPrinted"));
        done.current();
      },
    );
    return () => {
      wanted = false;
    };
  }, [studio, branch, shell, submodel, at, t]);
  useEffect(() => {
    if (printed === undefined) return undefined;
    const title = document.title;
    const [first] = printed.submodels;
    // What browsers name the PDF after.
    document.title = printed.shell?.idShort ?? first?.submodel.idShort ?? title;
    const over = (): void => done.current();
    window.addEventListener("afterprint", over);
    const timer = setTimeout(() => window.print(), 60);
    return () => {
      document.title = title;
      window.removeEventListener("afterprint", over);
      clearTimeout(timer);
    };
  }, [printed]);
  if (printed === undefined) return null;
  return createPortal(<Sheets {...printed} />, document.body);
}

async function gather(
  studio: Studio,
  branch: string,
  { shell, submodel, at }: { readonly shell: string | undefined; readonly submodel: string | undefined; readonly at: Instant | undefined },
): Promise<Printed> {
  const api = aasOf(studio, branch);
  const then = at === undefined ? "" : `/$history?date=${encodeURIComponent(instantText(at))}`;
  const [world, found] = await Promise.all([
    studio.client.world(),
    shell === undefined ? undefined : read<Shell>(api, `/shells/${encodeId(shell)}${then}`),
  ]);
  const ids = submodel === undefined ? (found === undefined ? [] : submodelIdsOf(found)) : [submodel];
  const submodels: Printed["submodels"][number][] = [];
  const missing: string[] = [];
  for (const id of ids) {
    const read1 = await ifThere(read<Submodel>(api, `${documentPath(id)}${then}`));
    if (read1 === undefined) missing.push(id);
    else submodels.push({ submodel: read1, concepts: await conceptsOf(api, read1) });
  }
  return { ...(found !== undefined && { shell: found }), submodels, missing, revision: world.revision, at: at ?? world.now };
}

function Sheets({ shell, submodels, missing, revision, at }: Printed): ReactNode {
  const studio = useStudio();
  const { t, language, zone } = useWords();
  const address = useStore(studio.address.store);
  const { name } = useStore(studio.preferences);
  const { branch } = address;
  const isPast = address.at !== undefined;
  const [only] = submodels;
  const subject = submodels.length === 1 && only !== undefined && shell === undefined ? only.submodel : shell;
  const title = subject?.idShort ?? subject?.id ?? "";
  const beside = besideIdShort(textIn(subject?.displayName, language), title);
  const base = location.origin + apiPath(branch, studio.address.store.get().world);
  return (
    <div className="dw-document">
      <header>
        <div>
          <p className="dw-document-kind">{shell === undefined ? t("assets.explorer.submodel") : t("assets.explorer.shellDocument")}</p>
          <h1>{title}</h1>
          {beside !== undefined && <p>{beside}</p>}
        </div>
        {shell !== undefined && <IdentificationCode link={pageLink(shell, branch)} label={t("assets.explorer.identification")} />}
      </header>
      <table className="dw-document-facts">
        <tbody>
          <Line name={t("assets.explorer.id")} value={subject?.id} />
          {shell !== undefined && (
            <>
              <Line
                name={t("assets.explorer.assetKind")}
                value={t.or(`assets.explorer.assetKinds.${shell.assetInformation.assetKind}`, shell.assetInformation.assetKind)}
              />
              <Line name={t("assets.explorer.globalAssetId")} value={shell.assetInformation.globalAssetId} />
              <Line name={t("assets.explorer.assetType")} value={shell.assetInformation.assetType} />
              {(shell.assetInformation.specificAssetIds ?? []).map((id) => (
                <Line key={`${id.name} ${id.value}`} name={id.name} value={id.value} />
              ))}
            </>
          )}
          <Line
            name={t("assets.explorer.standOf")}
            value={`${dayOf(at, zone)} ${clockText(at, zone)} ${zoneText(at, zone)}${isPast ? "" : ` · ${t("assets.explorer.revisionOf", { revision })}`}`}
          />
          <Line name={t("assets.explorer.branch")} value={branch === LIVE ? t("frame.live") : (enteredBranch(studio)?.name ?? branch)} />
          <Line
            name={t("assets.explorer.printedBy")}
            value={`${name} (${t("assets.explorer.unverified")}), ${dayOf(studio.now(), zone)} ${clockText(studio.now(), zone)}`}
          />
          <Line name={t("assets.explorer.sourceApi")} value={base} />
        </tbody>
      </table>
      {branch !== LIVE && <p className="dw-document-warning">{t("assets.explorer.branchPrinted")}</p>}
      {submodels.map(({ submodel, concepts }) => (
        <SubmodelSheet key={submodel.id} submodel={submodel} concepts={concepts} isAlone={shell === undefined} />
      ))}
      {missing.length > 0 && (
        <section>
          <h2>{t("assets.explorer.missingSubmodels")}</h2>
          <ul>
            {missing.map((id) => (
              <li key={id}>{id}</li>
            ))}
          </ul>
        </section>
      )}
      <p className="dw-document-end">{t("assets.explorer.endOf", { what: title })}</p>
    </div>
  );
}

/** The calendar day of the plant with its year (ISO 8601), which the screen leaves out. */
function dayOf(instant: Instant, zone: Zone): string {
  return new Date(toLocal(zone, instant) / 1_000).toISOString().slice(0, 10);
}

function Line({ name, value }: { readonly name: string; readonly value: string | undefined }): ReactNode {
  if (value === undefined || value === "") return null;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td>{value}</td>
    </tr>
  );
}

function SubmodelSheet({
  submodel,
  concepts,
  isAlone,
}: {
  readonly submodel: Submodel;
  readonly concepts: ReadonlyMap<string, ConceptDescription>;
  readonly isAlone: boolean;
}): ReactNode {
  const { t, language } = useWords();
  const version = submodel.administration?.version;
  return (
    <section>
      {!isAlone && <h2>{submodel.idShort ?? submodel.id}</h2>}
      <p className="dw-document-ids">
        {[
          ...(isAlone ? [] : [submodel.id]),
          ...(version === undefined ? [] : [`${t("assets.explorer.version")} ${version}.${submodel.administration?.revision ?? "0"}`]),
          ...(submodel.semanticId === undefined ? [] : [`${t("assets.explorer.semanticId")} ${referenceText(submodel.semanticId)}`]),
        ].join(" · ")}
      </p>
      {(submodel.submodelElements ?? []).length === 0 ? (
        <p>{t("assets.explorer.noElements")}</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>{t("assets.explorer.element")}</th>
              <th>{t("assets.explorer.value")}</th>
              <th>{t("assets.explorer.type")}</th>
              <th>{t("assets.explorer.semanticId")}</th>
            </tr>
          </thead>
          <tbody>
            {placedElements(submodel).map(({ path, depth, element }) => {
              const meaning = meaningOf(element, concepts.get(conceptOf(element) ?? ""), language);
              const label = element.idShort ?? /\[\d+\]$/.exec(path)?.[0] ?? "";
              const beside = besideIdShort(meaning.name, label);
              return (
                <tr key={path} className={isContainer(element) ? "is-above" : ""}>
                  <td style={{ paddingLeft: `${depth * 3.5}mm` }}>
                    {label}
                    {beside !== undefined && <small>{beside}</small>}
                  </td>
                  <td>
                    <PrintedValue element={element} unit={meaning.unit} />
                  </td>
                  <td>{"valueType" in element ? element.valueType : t(`assets.explorer.kind.${element.modelType}`)}</td>
                  <td className="dw-document-id">{conceptOf(element)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
    </section>
  );
}

function isContainer({ modelType }: SubmodelElement): boolean {
  return modelType === "SubmodelElementCollection" || modelType === "SubmodelElementList" || modelType === "Entity";
}

/** Whole, as no click can open it: every language, the quality and time of what is live, what is planned. */
function PrintedValue({ element, unit }: { readonly element: SubmodelElement; readonly unit: string | undefined }): ReactNode {
  const { t, language, zone } = useWords();
  const live = liveOf(element);
  const planned = plannedOf(element);
  if (element.modelType === "MultiLanguageProperty")
    return (element.value ?? []).map(({ language: tag, text }) => (
      <span key={tag} className="dw-document-text">
        <b>{tag}</b> {text}
      </span>
    ));
  return (
    <>
      {isContainer(element) && element.modelType !== "Entity" ? "" : withUnit(valueLine(element, language) || "–", unit)}
      {element.modelType === "File" && element.contentType !== undefined && <small>{element.contentType}</small>}
      {live !== undefined && (
        <small>
          {element.modelType === "Property" && element.value === undefined
            ? t("assets.explorer.recorded.missing")
            : t.or(`assets.explorer.recorded.${live.quality}`, live.quality)}
          {live.sourceTime !== undefined && ` · ${momentText(Date.parse(live.sourceTime) * 1000, zone, language)}`}
        </small>
      )}
      {planned !== undefined && (
        <small>{t("assets.planned", { value: withUnit(planned.value, unit), date: planned.from, owner: planned.owner })}</small>
      )}
    </>
  );
}
