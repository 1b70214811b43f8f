import { Button, Select, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelCard, ModelDetail, ModelPort } from "@doppelwerk/client";
import { Card, Failure, formatPlace, unitText, useLoad, useStudio, useWords } from "@doppelwerk/kit/studio";
import { boundsText, portDifferences } from "./port-differences.ts";
import * as simulate from "../../calls.ts";

/** From so many ports on they are searched; so many are drawn at most. */
const [SEARCHED_FROM, MOST_DRAWN] = [12, 300];

/** Every port of a model: direction, type, unit, bounds and what it starts from. */
export function PortsCard({ model }: { readonly model: ModelDetail }): ReactNode {
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const words = search.toLowerCase();
  const found = model.ports.filter(({ name, description = "" }) => `${name} ${description}`.toLowerCase().includes(words));
  return (
    <Card title={t("simulate.models.ports")} note={t("simulate.models.portCount", { count: model.ports.length })}>
      {model.ports.length >= SEARCHED_FROM && (
        <TextInput
          size="sm"
          aria-label={t("simulate.models.searchPorts")}
          placeholder={t("simulate.models.searchPorts")}
          leftSection={<IconSearch size={15} />}
          value={search}
          onChange={(event) => setSearch(event.currentTarget.value)}
        />
      )}
      {model.ports.length === 0 && <p className="dw-quiet">{t("simulate.models.noPorts")}</p>}
      {found.length === 0 && model.ports.length > 0 && <p className="dw-quiet">{t("simulate.models.noPortFound")}</p>}
      {found.length > 0 && (
        <div className="dw-scroll dw-model-table">
          <table className="dw-table">
            <thead>
              <tr>
                <th>{t("simulate.models.name")}</th>
                <th>{t("simulate.models.direction")}</th>
                <th>{t("simulate.models.type")}</th>
                <th>{t("simulate.models.unit")}</th>
                <th>{t("simulate.models.bounds")}</th>
                <th>{t("simulate.models.start")}</th>
              </tr>
            </thead>
            <tbody>
              {found.slice(0, MOST_DRAWN).map((port) => (
                <PortLine key={port.name} port={port} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > MOST_DRAWN && (
        <p className="dw-quiet">{t("simulate.models.morePorts", { shown: MOST_DRAWN, count: found.length })}</p>
      )}
    </Card>
  );
}

function PortLine({ port }: { readonly port: ModelPort }): ReactNode {
  const { t } = useWords();
  return (
    <tr>
      <td>
        <b>{port.name}</b>
        {port.description !== undefined && <small className="dw-port-text">{port.description}</small>}
      </td>
      <td>{t.or(`simulate.models.causality.${port.causality}`, port.causality)}</td>
      <td title={port.items?.map(({ name, value }) => `${value} = ${name}`).join(", ")}>
        {port.type}
        {port.size > 1 && ` × ${port.size}`}
      </td>
      <td>{unitText(port.unit) || "–"}</td>
      <td>{boundsText(port) || "–"}</td>
      <td className="dw-port-start">{port.start ?? "–"}</td>
    </tr>
  );
}

/** The versions of one model on its shell: the one shown beside another, and how their ports differ. */
export function VersionsCard({
  branch,
  model,
  versions,
}: {
  readonly branch: string;
  readonly model: ModelDetail;
  readonly versions: readonly ModelCard[];
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const others = versions.filter(({ hash }) => hash !== model.hash);
  const [wanted, setWanted] = useState<string | undefined>(undefined);
  const other = others.find(({ hash }) => hash === wanted) ?? others[0];
  const loaded = useLoad(
    other === undefined
      ? undefined
      : (signal) => simulate.readModel(studio.client, { params: { hash: other.hash }, query: { branch: branch } }, { signal }),
    [branch, other?.hash],
  );
  if (other === undefined) return null;
  const facts = (each: ModelDetail): readonly string[] => [
    each.version + (each.latest ? ` · ${t("simulate.models.newest")}` : ""),
    // of the file itself: the submodel tells one type for all versions
    each.standard,
    each.fileName,
    sizeText(each.size),
    each.generationTool ?? "–",
    each.generationTime?.slice(0, 10) ?? "–",
    String(each.ports.length),
    each.runs.kind === "none" ? t("simulate.models.cannotRun", { why: each.runs.why }) : each.runs.platform,
    each.hash.slice(0, 12),
  ];
  const names = ["versionName", "type", "file", "size", "tool", "made", "ports", "runsOn", "hash"] as const;
  const against = loaded.value;
  const [mine, theirs] = [facts(model), against === undefined ? [] : facts(against)];
  const differences = against === undefined ? [] : portDifferences(against.ports, model.ports);
  return (
    <Card title={t("simulate.models.versions")} note={t("simulate.models.count", { count: versions.length })}>
      <Select
        size="sm"
        className="dw-model-against"
        label={t("simulate.models.compareWith")}
        allowDeselect={false}
        data={others.map(({ hash, version, fileName }) => ({
          value: hash,
          label: `${t("simulate.models.version", { version })} · ${fileName} · ${hash.slice(0, 8)}`,
        }))}
        value={other.hash}
        onChange={(hash) => setWanted(hash ?? undefined)}
      />
      {loaded.kind === "failed" && <Failure message={loaded.message} onRetry={loaded.reload} />}
      {against !== undefined && (
        <>
          <div className="dw-scroll dw-model-table">
            <table className="dw-table dw-model-versions">
              <thead>
                <tr>
                  <th />
                  <th>{t("simulate.models.shownVersion")}</th>
                  <th>
                    {t("simulate.models.otherVersion")}{" "}
                    <Button size="compact-xs" variant="subtle" onClick={() => studio.address.go({ detail: `models:${against.hash}` })}>
                      {t("simulate.models.show")}
                    </Button>
                  </th>
                </tr>
              </thead>
              <tbody>
                {names.map((name, index) => (
                  <tr key={name} className={mine[index] === theirs[index] ? "" : "is-different"}>
                    <td>{t(`simulate.models.fact.${name}`)}</td>
                    <td>{mine[index]}</td>
                    <td>{theirs[index]}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          {differences.length === 0 ? (
            <p className="dw-quiet">{t("simulate.models.samePorts")}</p>
          ) : (
            <ul className="dw-port-differences">
              {differences.slice(0, MOST_DRAWN).map(({ name, kind, fields }) => (
                <li key={name}>
                  <b>{name}</b> {t(`simulate.models.portIs.${kind}`)}
                  {fields.map(({ field, from, to }) => (
                    <span key={field}>
                      {" "}
                      {t(`simulate.models.field.${field}`)}: {from} → {to};
                    </span>
                  ))}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </Card>
  );
}

/** What stands with the model: who made it, its file, the submodel that announces it and the files of its asset. */
export function DocumentsCard({ model }: { readonly model: ModelDetail }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const open = (submodel: string, path: string): void =>
    studio.address.go({ view: "assets", detail: formatPlace({ mode: "submodels", submodel, path }) });
  const said = (["author", "generationTool", "generationTime", "copyright", "license"] as const).filter(
    (name) => model[name] !== undefined,
  );
  return (
    <Card title={t("simulate.models.documents")} note={model.shellName}>
      {said.length > 0 && (
        <dl className="dw-facts">
          {said.map((name) => (
            <div key={name}>
              <dt>{t(`simulate.models.said.${name}`)}</dt>
              <dd className="dw-breaks">{model[name]}</dd>
            </div>
          ))}
        </dl>
      )}
      <div className="dw-model-documents">
        <button type="button" className="dw-model" onClick={() => open(model.submodel, model.path)}>
          <b>{model.fileName}</b>
          <small>
            {t("simulate.models.announcedIn", { path: model.path })} · {sizeText(model.size)}
          </small>
        </button>
        {model.documents.map(({ name, contentType, size, submodel, submodelName, path }) => (
          <button type="button" key={`${submodel} ${path}`} className="dw-model" onClick={() => open(submodel, path)}>
            <b>{name}</b>
            <small>
              {[submodelName, contentType, size === undefined ? t("simulate.models.notStored") : sizeText(size)]
                .filter(Boolean)
                .join(" · ")}
            </small>
          </button>
        ))}
      </div>
      {model.documents.length === 0 && <p className="dw-quiet">{t("simulate.models.noDocuments")}</p>}
    </Card>
  );
}

function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
