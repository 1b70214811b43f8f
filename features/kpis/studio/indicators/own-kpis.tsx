import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, DataTable, Empty, inLanguage, useProposedEdit, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { IndicatorsAnswer } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { formulaText, inputText, useNames, valueOfOwn, whyText } from "./formula-text.ts";
import { OwnKpiEditor } from "./own-kpi-editor.tsx";

type Own = IndicatorsAnswer["own"][number];

/** KPIs that people define by formulas, with what each was computed of. */
export function OwnKpis({ own, onStored }: { readonly own: readonly Own[]; readonly onStored: () => void }): ReactNode {
  const { t, language } = useWords();
  const { client } = useStudio();
  const names = useNames();
  const [edited, setEdited] = useState<Own | "new">();
  const removal = useProposedEdit(t("kpis.own.removeFailed"), onStored);
  const remove = ({ name }: Own): void =>
    removal.edit(t("kpis.own.branch", { name }), (branch) => calls.removeOwnKpi(client, { params: { name }, query: { branch } }));
  const columns: readonly Column<Own>[] = [
    { title: t("kpis.indicators.name"), className: "dw-indicator-name", cell: ({ fields }) => inLanguage(fields.title, language) },
    { title: t("kpis.indicators.value"), isNumber: true, className: "dw-indicator-value", cell: (row) => <b>{valueOfOwn(row)}</b> },
    {
      title: t("kpis.indicators.formula"),
      className: "dw-indicator-formula",
      cell: (row) => (
        <>
          <code>{`${row.name} = ${formulaText(row.fields.formula)}`}</code>
          <small className="dw-quiet-text">
            {row.value === undefined
              ? whyText(row.unknown, names, t)
              : t("kpis.indicators.with", { inputs: row.inputs.map((input) => inputText(input, names, language)).join(", ") })}
          </small>
        </>
      ),
    },
    {
      title: "",
      className: "dw-indicator-acts",
      cell: (row) => (
        <>
          <Button size="compact-sm" variant="subtle" aria-label={t("kpis.own.editOf", { name: row.name })} onClick={() => setEdited(row)}>
            {t("kpis.own.edit")}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" disabled={removal.busy} onClick={() => remove(row)}>
            {t("kpis.own.remove")}
          </Button>
        </>
      ),
    },
  ];
  return (
    <Card title={t("kpis.own.title")} className="dw-indicators-group">
      <DataTable
        caption={t("kpis.own.title")}
        columns={columns}
        rows={own}
        keyOf={({ name }) => name}
        empty={<Empty title={t("kpis.own.emptyTitle")} text={t("kpis.own.emptyText")} />}
      />
      <p className="dw-indicators-foot">
        <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEdited("new")}>
          {t("kpis.own.add")}
        </Button>
      </p>
      {edited !== undefined && (
        <OwnKpiEditor
          kpi={edited === "new" ? undefined : edited}
          taken={own.map(({ name }) => name)}
          onClose={() => setEdited(undefined)}
          onStored={onStored}
        />
      )}
    </Card>
  );
}
