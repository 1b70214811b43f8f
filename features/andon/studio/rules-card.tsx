import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { answerOf, Card, DataTable, Empty, Failure, useLoad, useProposedEdit, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { AndonRule } from "../contract.ts";
import type {} from "../message-codes.ts";
import { RuleEditor, type KnownStation } from "./rule-editor.tsx";

/** Which calls and KPIs raise an andon, and who is notified of it when. */
export function RulesCard({ stations }: { readonly stations: readonly KnownStation[] }): ReactNode {
  const { t } = useWords();
  const { client } = useStudio();
  const { branch } = useScope();
  const [edited, setEdited] = useState<AndonRule | "new">();
  const loaded = useLoad(answerOf(calls.rules, { query: { branch } }, { kinds: ["andonRule"] }));
  const removal = useProposedEdit(t("andon.rule.failed"), loaded.reload);
  const remove = ({ id, fields: { name } }: AndonRule): void =>
    removal.edit(t("andon.rule.branch", { name }), (on) => calls.removeRule(client, { params: { id }, query: { branch: on } }));
  const columns: readonly Column<AndonRule>[] = [
    { title: t("andon.rule.name"), cell: ({ fields: { name, isOn } }) => (isOn ? name : `${name} (${t("andon.rule.off")})`) },
    { title: t("andon.rule.cause"), cell: ({ fields }) => <Cause fields={fields} /> },
    { title: t("andon.station"), cell: ({ fields: { station } }) => station ?? t("andon.rule.anywhere") },
    {
      title: t("andon.rule.steps"),
      cell: ({ fields: { steps } }) =>
        steps.length === 0
          ? t("andon.rule.nobody")
          : steps.map(({ afterMinutes, to }) => t("andon.rule.step", { minutes: afterMinutes, count: to.length })).join("; "),
    },
    {
      title: "",
      cell: (row) => (
        <span className="dw-andon-acts">
          <Button
            size="compact-sm"
            variant="subtle"
            aria-label={t("andon.rule.editOf", { name: row.fields.name })}
            onClick={() => setEdited(row)}
          >
            {t("andon.rule.edit")}
          </Button>
          <Button size="compact-sm" variant="subtle" color="gray" disabled={removal.busy} onClick={() => remove(row)}>
            {t("andon.rule.remove")}
          </Button>
        </span>
      ),
    },
  ];
  return (
    <Card title={t("andon.rule.title")}>
      {loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      <DataTable
        caption={t("andon.rule.title")}
        columns={columns}
        rows={loaded.value ?? []}
        keyOf={({ id }) => id}
        empty={<Empty title={t("andon.rule.emptyTitle")} text={t("andon.rule.emptyText")} />}
      />
      <p className="dw-andon-foot">
        <Button size="sm" variant="default" leftSection={<IconPlus size={14} />} onClick={() => setEdited("new")}>
          {t("andon.rule.add")}
        </Button>
      </p>
      {edited !== undefined && (
        <RuleEditor
          rule={edited === "new" ? undefined : edited}
          taken={(loaded.value ?? []).map(({ fields: { name } }) => name)}
          stations={stations}
          onClose={() => setEdited(undefined)}
          onStored={loaded.reload}
        />
      )}
    </Card>
  );
}

function Cause({ fields: { cause } }: { readonly fields: AndonRule["fields"] }): ReactNode {
  const { t } = useWords();
  if (cause.kind === "call")
    return cause.reasons.length === 0 ? t("andon.rule.everyCall") : cause.reasons.map((reason) => t(`andon.reason.${reason}`)).join(", ");
  return t("andon.rule.beyond", {
    kpi: t.or(`kpis.indicator.${cause.indicator}`, cause.indicator),
    limit: t(`andon.rule.${cause.limit}`),
    value: String(cause.value),
  });
}
