import type { ReactNode } from "react";
import { ListPart, LoadedCard, loadOf, messageText, ProposeSetUp, useLoad, useWords, type Column } from "@doppelwerk/ui";
import { listPacks, type ListedPack } from "./pack-calls.ts";
import { PackAdministration } from "./pack-administration.tsx";
import { SignatureText } from "./signature-text.tsx";

/** Packs come and go while the server runs. */
const REFRESH_MS = 5_000;

/** The packs of this server: who signed each, what it may do, what it begins with; and adding one. */
export default function PacksCard(): ReactNode {
  const { t } = useWords();
  const loaded = useLoad(loadOf(listPacks), { everyMs: REFRESH_MS });
  return (
    <LoadedCard title={t("settings.packs")} loaded={loaded}>
      {({ packs }) => (
        <>
          <PackTable packs={packs} />
          <PackAdministration onChanged={loaded.reload} />
        </>
      )}
    </LoadedCard>
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
          <small className="dw-row-note">{messageText(reason ?? "", why)}</small>
        ) : (
          features.map((feature) => <ProposeSetUp key={feature} feature={feature} />)
        ),
    },
  ];
  return (
    <ListPart
      caption={t("settings.packs")}
      columns={columns}
      rows={packs}
      keyOf={({ name, from }) => `${from} ${name}`}
      empty={t("settings.noPacks")}
      textOf={({ name }) => name}
    />
  );
}
