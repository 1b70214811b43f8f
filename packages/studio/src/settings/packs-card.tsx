import type { ReactNode } from "react";
import { Card, DataTable, Failure, loadOf, messageText, NotReadAgain, ProposeSetUp, useLoad, useWords } from "@doppelwerk/ui";
import type { Column } from "@doppelwerk/ui";
import { listPacks, type ListedPack } from "./pack-calls.ts";
import { PackAdministration } from "./pack-administration.tsx";
import { SignatureText } from "./signature-text.tsx";

/** Packs come and go while the server runs. */
const REFRESH_MS = 5_000;

/** The packs of this server: who signed each, what it may do, what it begins with; and adding one. */
export default function PacksCard(): ReactNode {
  const { t } = useWords();
  const loaded = useLoad(loadOf(listPacks), { everyMs: REFRESH_MS });
  const packs = loaded.value?.packs;
  return (
    <Card title={t("settings.packs")} className="dw-packs">
      {packs === undefined ? (
        loaded.kind === "failed" ? (
          <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />
        ) : (
          <p className="dw-fine">{t("frame.loading")}</p>
        )
      ) : (
        <>
          <NotReadAgain loaded={loaded} />
          {packs.length === 0 ? <p className="dw-quiet">{t("settings.noPacks")}</p> : <PackTable packs={packs} />}
        </>
      )}
      <PackAdministration onChanged={loaded.reload} />
    </Card>
  );
}

function PackTable({ packs }: { readonly packs: readonly ListedPack[] }): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<ListedPack>[] = [
    {
      title: t("settings.pack"),
      cell: ({ name, version, from }) => (
        <>
          {name} <small className="dw-quiet">{version}</small>
          {from === "folder" && <small className="dw-quiet"> {t("settings.packFromFolder")}</small>}
        </>
      ),
    },
    { title: t("settings.packSignature"), cell: ({ signature }) => signature && <SignatureText signature={signature} /> },
    {
      title: t("settings.packMay"),
      cell: ({ permissions }) => permissions.map((one) => t.or(`settings.packMay.${one}`, one)).join(t("settings.packBetween")),
    },
    {
      title: "",
      cell: ({ state, reason, why, features }) =>
        state === "refused" ? (
          <small className="dw-job-why">{messageText(reason ?? "", why)}</small>
        ) : (
          features.map((feature) => <ProposeSetUp key={feature} feature={feature} />)
        ),
    },
  ];
  return <DataTable caption={t("settings.packs")} columns={columns} rows={packs} keyOf={({ name, from }) => `${from} ${name}`} />;
}
