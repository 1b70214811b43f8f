import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { PersonalDataLine } from "@doppelwerk/client";
import {
  DataTable,
  LoadedCard,
  saveFile,
  TaskProblem,
  useLoad,
  useSession,
  useStudio,
  useTask,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { BreachesPart } from "./breaches-part.tsx";
import { PersonPart } from "./person-part.tsx";
import { TimersPart } from "./timers-part.tsx";

/** What this server keeps of people; with accounts, what is kept of each. */
export default function PrivacyCard(): ReactNode {
  const { client } = useStudio();
  const { t, language } = useWords();
  const hasAccounts = useSession().value?.accounts === true;
  const task = useTask();
  const inventory = useLoad((signal) => client.dataInventory({ signal }), []);
  const columns: readonly Column<PersonalDataLine>[] = [
    {
      title: t("settings.privacyWhat"),
      cell: ({ what }) => what[language],
      hint: ({ places }) => places.map(({ name }) => name).join(", "),
    },
    { title: t("settings.privacyPurpose"), cell: ({ purpose }) => purpose[language] },
    { title: t("settings.privacyKept"), cell: ({ kept }) => kept[language] },
    { title: t("settings.privacyErasure"), cell: ({ erasure }) => erasure.text[language] },
  ];
  const report = (): void =>
    task.run(async () => saveFile("data-inventory.md", new Blob([await client.inventoryReport(language)], { type: "text/markdown" })));
  return (
    <LoadedCard title={t("settings.privacy")} note={(lines) => t("settings.privacyLines", { count: lines.length })} loaded={inventory}>
      {(lines) => (
        <>
          <details className="dw-privacy-inventory">
            <summary>{t("settings.privacyInventory")}</summary>
            <DataTable caption={t("settings.privacy")} className="dw-list" columns={columns} rows={lines} keyOf={({ id }) => id} />
          </details>
          <TaskProblem task={task} />
          <p className="dw-list-foot">
            <Button size="sm" variant="default" loading={task.busy} onClick={report}>
              {t("settings.privacyReport")}
            </Button>
          </p>
          {hasAccounts && <PersonPart />}
          <TimersPart />
          <BreachesPart />
        </>
      )}
    </LoadedCard>
  );
}
