import { Button, FileButton } from "@mantine/core";
import { IconFileImport } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TaskProblem, useWords } from "@doppelwerk/kit/studio";
import type { ExplorerMoves } from "./explorer-moves.ts";
import { FileReportView } from "./file-report.tsx";
import { useFileImport } from "./use-file-import.ts";

/** A file is read and validated first; what is wrong can be repaired by a click, and then it is imported. */
export function ImportPanel({ moves }: { readonly moves: ExplorerMoves }): ReactNode {
  const { t } = useWords();
  const given = useFileImport();
  const { task, file } = given;
  const open = (dropped: File | null | undefined): void => {
    if (dropped) given.open(dropped);
  };
  return (
    <div
      className="dw-import dw-scroll"
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        open(event.dataTransfer.files[0]);
      }}
    >
      <div className="dw-drop">
        <IconFileImport size={28} stroke={1.4} />
        <p>{t("assets.explorer.drop")}</p>
        <FileButton onChange={open} accept=".aasx,.json,.xml">
          {(props) => (
            <Button {...props} size="sm" loading={task.busy}>
              {t("assets.connect.importChoose")}
            </Button>
          )}
        </FileButton>
      </div>
      <TaskProblem task={task} />
      {file !== undefined && <FileReportView given={{ ...given, file }} moves={moves} />}
    </div>
  );
}
