import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, saveFile, TaskProblem, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { EraseDialog } from "./erase-dialog.tsx";

/** What this server keeps of the person who reads this, as a file, and how it is erased. */
export default function YourDataCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [isErasing, setErasing] = useState(false);
  const download = (): void =>
    task.run(async () => saveFile("person.json", new Blob([await client.exportSelf()], { type: "application/json" })));
  return (
    <Card title={t("settings.yourData")}>
      <p className="dw-fine">{t("settings.yourDataText")}</p>
      <TaskProblem task={task} />
      <div className="dw-row-tools">
        <Button size="sm" variant="default" loading={task.busy} onClick={download}>
          {t("settings.exportYou")}
        </Button>
        <Button size="sm" variant="default" color="red" onClick={() => setErasing(true)}>
          {t("settings.eraseYou")}
        </Button>
      </div>
      {isErasing && <EraseDialog onClose={() => setErasing(false)} />}
    </Card>
  );
}
