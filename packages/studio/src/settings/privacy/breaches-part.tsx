import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { BreachCase } from "@doppelwerk/client";
import { CardPart, ListPart, RowActions, saveFile, useLoad, useStudio, useWords, type Column } from "@doppelwerk/ui";
import { BreachDialog } from "./breach-dialog.tsx";
import { BreachState } from "./breach-state.tsx";
import { OpenBreachDialog } from "./open-breach-dialog.tsx";
import { BreachSheet } from "./breach-sheet.tsx";

/** Breaches of personal data: opened, followed until the authority was notified, and closed. */
export function BreachesPart(): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const loaded = useLoad((signal) => client.breaches({ signal }), []);
  const [shown, setShown] = useState<string | "new" | undefined>(undefined);
  const [printed, setPrinted] = useState<string | undefined>(undefined);
  const breaches = loaded.value ?? [];
  const report = (id: string): Promise<Uint8Array<ArrayBuffer>> => client.breachReport(id, language);
  const followed = breaches.find(({ id }) => id === shown);
  const columns: readonly Column<BreachCase>[] = [
    { title: t("settings.breach.what"), cell: ({ what }) => what },
    { title: t("settings.breach.people"), cell: ({ people }) => people, isNumber: true },
    { title: t("settings.breach.state"), cell: (breach) => <BreachState breach={breach} /> },
    {
      title: "",
      cell: ({ id, closed }) => (
        <RowActions
          actions={[
            { label: t(closed === undefined ? "settings.breach.follow" : "settings.breach.read"), run: () => setShown(id) },
            {
              label: t("settings.breach.report"),
              run: async () => saveFile("breach.md", new Blob([await report(id)], { type: "text/markdown" })),
            },
            { label: t("settings.breach.print"), run: async () => setPrinted(new TextDecoder().decode(await report(id))) },
          ]}
        />
      ),
    },
  ];
  return (
    <CardPart title={t("settings.breaches")}>
      <ListPart
        caption={t("settings.breaches")}
        columns={columns}
        rows={breaches}
        keyOf={({ id }) => id}
        empty={t("settings.breach.none")}
        textOf={({ what }) => what}
      />
      <p className="dw-list-foot">
        <Button variant="default" disabled={loaded.value === undefined} onClick={() => setShown("new")}>
          {t("settings.breach.open")}
        </Button>
      </p>
      {shown === "new" && <OpenBreachDialog onClose={() => setShown(undefined)} onChanged={loaded.reload} />}
      {followed !== undefined && <BreachDialog breach={followed} onClose={() => setShown(undefined)} onChanged={loaded.reload} />}
      {printed !== undefined && <BreachSheet text={printed} onPrinted={() => setPrinted(undefined)} />}
    </CardPart>
  );
}
