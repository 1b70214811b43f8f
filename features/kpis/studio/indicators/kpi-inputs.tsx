import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  Empty,
  Failure,
  inLanguage,
  useLoad,
  useProposedEdit,
  useScope,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../../calls.ts";
import type { AssignedInput } from "../../contract.ts";
import type {} from "../../message-codes.ts";
import { formulaText, useNames } from "./formula-text.ts";
import { InputEditor } from "./input-editor.tsx";

/** Elements that people assigned to stations and lines by formulas. */
export function KpiInputs({ place, onStored }: { readonly place: string | undefined; readonly onStored: () => void }): ReactNode {
  const { t } = useWords();
  const { branch } = useScope();
  const [edited, setEdited] = useState<AssignedInput | "new">();
  const loaded = useLoad(answerOf(calls.assignedInputs, { query: { branch } }, { kinds: ["kpiInput"] }));
  const stored = (): void => {
    loaded.reload();
    onStored();
  };
  const { inputs = [], places = [] } = loaded.value ?? {};
  const columns = useColumns(setEdited, stored);
  return (
    <Card title={t("kpis.input.title")} className="dw-indicators-group">
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      <DataTable
        caption={t("kpis.input.title")}
        columns={columns}
        rows={place === undefined ? inputs : inputs.filter((each) => each.place === place)}
        keyOf={({ id }) => id}
        empty={<Empty title={t("kpis.input.emptyTitle")} text={t("kpis.input.emptyText")} />}
      />
      <p className="dw-indicators-foot">
        <Button
          size="sm"
          variant="default"
          disabled={places.length === 0}
          leftSection={<IconPlus size={14} />}
          onClick={() => setEdited("new")}
        >
          {t("kpis.input.add")}
        </Button>
      </p>
      {edited !== undefined && (
        <InputEditor
          input={edited === "new" ? undefined : edited}
          places={places}
          place={place}
          onClose={() => setEdited(undefined)}
          onStored={stored}
        />
      )}
    </Card>
  );
}

function useColumns(onEdit: (input: AssignedInput) => void, onStored: () => void): readonly Column<AssignedInput>[] {
  const { t, language } = useWords();
  const { client } = useStudio();
  const names = useNames();
  const removal = useProposedEdit(t("kpis.input.removeFailed"), onStored);
  const remove = ({ id, symbol }: AssignedInput): void =>
    removal.edit(t("kpis.input.branch", { symbol }), (on) => calls.removeInput(client, { params: { id }, query: { branch: on } }));
  return [
    { title: t("kpis.input.element"), className: "dw-indicator-name", cell: ({ symbol }) => names(symbol) },
    { title: t("kpis.input.place"), cell: ({ title }) => inLanguage(title, language) },
    {
      title: t("kpis.indicators.formula"),
      className: "dw-indicator-formula",
      cell: ({ formula }) => <code>{formulaText(formula)}</code>,
    },
    {
      title: "",
      className: "dw-indicator-acts",
      cell: (row) => (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t("kpis.input.editOf", { symbol: row.symbol, place: row.place })}
            onClick={() => onEdit(row)}
          >
            {t("kpis.own.edit")}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" disabled={removal.busy} onClick={() => remove(row)}>
            {t("kpis.own.remove")}
          </Button>
        </>
      ),
    },
  ];
}
