import { Button } from "@mantine/core";
import { IconPencil } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, DataTable, Empty, Failure, inLanguage, NotReadAgain, useLoad, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownTargets } from "../contract.ts";
import { KPI_NAMES, type Kpi } from "../model/target-kind.ts";
import { formOf, shownNumber } from "./target-draft.ts";
import { TargetEditor } from "./target-editor.tsx";

/** What the KPIs of the lines of the branch entered should reach. */
export default function TargetsCard(): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const commits = useStore(studio.commits);
  const [edited, setEdited] = useState<string>();
  const loaded = useLoad((signal) => calls.knownTargets(studio.client, { query: { branch } }, { signal }), [branch], undefined, commits);
  const places = loaded.value;
  if (places === undefined || places.length === 0)
    return (
      <Card title={t("kpis.title")} className="dw-targets">
        {loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : places === undefined ? (
          <p className="dw-note" role="status">
            {t("frame.loading")}
          </p>
        ) : (
          <Empty title={t("kpis.empty")} text={t("kpis.emptyText")} />
        )}
      </Card>
    );
  return places.map((place) => (
    <Card key={place.id} title={t("kpis.titleOf", { line: inLanguage(place.title, language) })} note="ISO 22400-2" className="dw-targets">
      <NotReadAgain loaded={loaded} />
      <TargetTable place={place} />
      <p className="dw-target-foot">
        <Button size="sm" variant="default" leftSection={<IconPencil size={14} />} onClick={() => setEdited(place.id)}>
          {t("kpis.edit")}
        </Button>
      </p>
      {edited === place.id && <TargetEditor place={place} onClose={() => setEdited(undefined)} onStored={loaded.reload} />}
    </Card>
  ));
}

function TargetTable({ place: { targets, stored } }: { readonly place: KnownTargets }): ReactNode {
  const { t } = useWords();
  const text = (kpi: Kpi, value: number | undefined): string =>
    value === undefined ? "–" : `${shownNumber(kpi, value)}\u202f${t(`kpis.unit.${formOf(kpi).unit}`)}`;
  const columns: readonly Column<Kpi>[] = [
    { title: t("kpis.kpi"), cell: (kpi) => t(`kpis.name.${kpi}`) },
    { title: t("kpis.target"), isNumber: true, cell: (kpi) => text(kpi, targets[kpi]?.target) },
    { title: t("kpis.warning"), isNumber: true, cell: (kpi) => text(kpi, targets[kpi]?.warning) },
    {
      title: t("kpis.origin"),
      cell: (kpi) =>
        stored[kpi] !== undefined ? (
          <span className="dw-badge">{t("kpis.changed")}</span>
        ) : targets[kpi] === undefined ? null : (
          <span className="dw-badge">{t("kpis.shipped")}</span>
        ),
    },
  ];
  return <DataTable caption={t("kpis.title")} columns={columns} rows={KPI_NAMES} keyOf={(kpi) => kpi} />;
}
