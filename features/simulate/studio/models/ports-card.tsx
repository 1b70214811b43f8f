import { TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ModelDetail, ModelPort } from "@doppelwerk/client";
import { Card, DataTable, unitText, useWords, type Column } from "@doppelwerk/kit/studio";
import { boundsText } from "./port-differences.ts";

/** From so many ports on they are searched; so many are drawn at most. */
const [SEARCHED_FROM, MAX_DRAWN] = [12, 300];

/** Every port of a model: direction, type, unit, bounds and what it starts from. */
export function PortsCard({ model }: { readonly model: ModelDetail }): ReactNode {
  const { t } = useWords();
  const [search, setSearch] = useState("");
  const words = search.toLowerCase();
  const found = model.ports.filter(({ name, description = "" }) => `${name} ${description}`.toLowerCase().includes(words));
  const columns: readonly Column<ModelPort>[] = [
    {
      title: t("simulate.models.name"),
      sortBy: ({ name }) => name,
      cell: ({ name, description }) => (
        <>
          <b>{name}</b>
          {description !== undefined && <small className="dw-port-text">{description}</small>}
        </>
      ),
    },
    {
      title: t("simulate.models.direction"),
      sortBy: ({ causality }) => t.or(`simulate.models.causality.${causality}`, causality),
      cell: ({ causality }) => t.or(`simulate.models.causality.${causality}`, causality),
    },
    {
      title: t("simulate.models.type"),
      hint: ({ items }) => items?.map(({ name, value }) => `${value} = ${name}`).join(", "),
      cell: ({ type, size }) => (size > 1 ? `${type} × ${size}` : type),
    },
    { title: t("simulate.models.unit"), cell: ({ unit }) => unitText(unit) || "–" },
    { title: t("simulate.models.bounds"), cell: (port) => boundsText(port) || "–" },
    { title: t("simulate.models.start"), className: "dw-port-start", cell: ({ start }) => start ?? "–" },
  ];
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
        <div className="dw-model-table">
          <DataTable
            caption={t("simulate.models.ports")}
            columns={columns}
            rows={found.slice(0, MAX_DRAWN)}
            keyOf={({ name }) => name}
            isDense
          />
        </div>
      )}
      {found.length > MAX_DRAWN && <p className="dw-quiet">{t("simulate.models.morePorts", { shown: MAX_DRAWN, count: found.length })}</p>}
    </Card>
  );
}
