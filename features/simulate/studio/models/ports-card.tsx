import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelDetail, ModelPort } from "@doppelwerk/client";
import { Card, unitText, useWords } from "@doppelwerk/kit/studio";
import { boundsText } from "./port-differences.ts";

/** From so many ports on they are searched; so many are drawn at most. */
const [SEARCHED_FROM, MAX_DRAWN] = [12, 300];

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
              {found.slice(0, MAX_DRAWN).map((port) => (
                <PortLine key={port.name} port={port} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      {found.length > MAX_DRAWN && <p className="dw-quiet">{t("simulate.models.morePorts", { shown: MAX_DRAWN, count: found.length })}</p>}
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
