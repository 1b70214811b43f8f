import type { ReactNode } from "react";
import {
  answerOf,
  Card,
  DataTable,
  Empty,
  Failure,
  messageText,
  momentText,
  RowActions,
  useLoad,
  useStudio,
  useWords,
  Waiting,
  type Column,
} from "@doppelwerk/kit/studio";
import type { Message } from "@doppelwerk/kit";
import * as calls from "../calls.ts";
import type { SourceState } from "../contract.ts";
import type {} from "../message-codes.ts";

/** Where orders come from: state, position, what was refused. For administrators. */
export function SourcesView(): ReactNode {
  const { client } = useStudio();
  const { t, language, zone } = useWords();
  const loaded = useLoad(answerOf(calls.sources, {}, { kinds: ["orderSource"] }), { everyMs: () => 5_000 });
  const sources = loaded.value as readonly SourceState[] | undefined;
  if (sources === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  if (sources.length === 0) return <Empty title={t("orders.noSources")} text={t("orders.noSourcesText")} />;
  const columns: readonly Column<SourceState>[] = [
    { title: t("orders.source"), cell: ({ fields: { name, kind } }) => `${name} · ${t(`orders.kind.${kind}`)}` },
    { title: t("orders.state"), cell: (source) => <State source={source} /> },
    { title: t("orders.lastAt"), cell: ({ lastAt }) => (lastAt === undefined ? "–" : momentText(lastAt, zone, language)) },
    {
      title: t("orders.takenCount"),
      cell: ({ taken, duplicates, outdated, refused }) => t("orders.counts", { taken, duplicates, outdated, refused }),
    },
    {
      title: "",
      cell: ({ id, fields }) => (
        <RowActions
          actions={[
            {
              label: t(fields.isOn ? "orders.pause" : "orders.resume"),
              run: () => calls.changeSource(client, { params: { source: id }, body: { fields: { ...fields, isOn: !fields.isOn } } }),
            },
          ]}
          onDone={loaded.reload}
        />
      ),
    },
  ];
  const faults = sources.flatMap(({ id, fields: { name }, faults: own }) =>
    own.map((fault, at) => ({ ...fault, name, key: `${id} ${at}` })),
  );
  return (
    <>
      <Card title={t("orders.tab.sources")}>
        <DataTable caption={t("orders.tab.sources")} columns={columns} rows={sources} keyOf={({ id }) => id} />
      </Card>
      {faults.length > 0 && (
        <Card title={t("orders.refusedTitle")}>
          <DataTable
            caption={t("orders.refusedTitle")}
            columns={[
              { title: t("orders.when"), cell: ({ at }) => momentText(at, zone, language) },
              { title: t("orders.source"), cell: ({ name, where }) => `${name} ${where}` },
              { title: t("orders.why"), cell: ({ reason }) => messageText("", reason as Message) },
            ]}
            rows={faults}
            keyOf={({ key }) => key}
          />
        </Card>
      )}
    </>
  );
}

function State({ source: { state, reason } }: { readonly source: SourceState }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {t(`orders.sourceState.${state}`)}
      {reason !== undefined && <small className="dw-order-finding"> {messageText("", reason as Message)}</small>}
    </>
  );
}
