import { Button, FileButton, NumberInput } from "@mantine/core";
import { IconFileUpload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Card, useWords } from "@doppelwerk/kit/studio";
import type { Translate } from "@doppelwerk/kit/studio";
import type { ScheduleSource } from "./use-schedule-source.ts";

/** Where the orders come from, and another source in their place. */
export function ScheduleSourceCard({ source }: { readonly source: ScheduleSource }): ReactNode {
  const { t } = useWords();
  const { line, count, setCount, file, open, close, trouble } = source;
  const from = file === undefined ? line.value?.source : "file";
  return (
    <Card title={t("simulate.optimise.gantt.source")} note={noteOf(from, t)}>
      {from === "program" && <p className="dw-fine">{t("simulate.optimise.gantt.fromProgramText")}</p>}
      <div className="dw-search-foot">
        {from === "program" && (
          <NumberInput
            size="xs"
            label={t("simulate.optimise.gantt.count")}
            value={count}
            min={1}
            max={60}
            w={90}
            onChange={(value) => value !== "" && setCount(Number(value))}
          />
        )}
        {from === "file" && (
          <Button size="xs" variant="default" onClick={close}>
            {t("simulate.optimise.gantt.fromLine")}
          </Button>
        )}
        <FileButton onChange={(picked) => picked !== null && open(picked)} accept=".txt,.fjs,.jsp,.dat,text/plain">
          {(props) => (
            <Button {...props} size="xs" variant="default" leftSection={<IconFileUpload size={15} />}>
              {t("simulate.optimise.gantt.openFile")}
            </Button>
          )}
        </FileButton>
      </div>
      <p className="dw-fine">{t("simulate.optimise.gantt.fileText")}</p>
      {trouble !== undefined && (
        <p className="dw-note is-trouble" role="alert">
          {t("simulate.optimise.gantt.badFile")}: {trouble}
        </p>
      )}
    </Card>
  );
}

function noteOf(from: "documents" | "program" | "file" | undefined, t: Translate): string {
  if (from === undefined) return "";
  if (from === "file") return t("simulate.optimise.gantt.fromFile");
  return t(from === "documents" ? "simulate.optimise.gantt.fromDocuments" : "simulate.optimise.gantt.fromProgram");
}
