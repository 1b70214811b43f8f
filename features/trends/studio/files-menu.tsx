import { Button, Menu } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { fileMoment, fileName, saveFile, sizeText, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import { signalsOf, type Choice } from "./choice.ts";
import { pictureOf } from "./picture.ts";
import { usePeriod, whole } from "./use-series.ts";

/** Rows of a table file. */
const FILE_ROWS = 2_000;

/** What is shown as a picture, and the signals of it as a table or sample by sample: for who may export them. */
export function FilesMenu({ choice, sources }: { readonly choice: Choice; readonly sources: readonly string[] }): ReactNode {
  const { client, notify, notifyFailure } = useStudio();
  const { t, zone: plant } = useWords();
  const { period } = usePeriod(choice);
  const signals = choice.mode === "curves" ? [] : signalsOf(sources);
  const { from, to } = whole(period);
  const named = (name: string, extension: string): string => fileName([name, "from", fileMoment(from, plant)], extension);
  const save = (name: string, extension: string, bytes: Promise<Uint8Array | Blob>): void => {
    bytes.then(
      (file) => {
        saveFile(named(name, extension), file);
        notify(
          "good",
          t("trends.files.saved", { size: sizeText(file instanceof Blob ? file.size : file.byteLength) }),
          named(name, extension),
        );
      },
      (error: unknown) => notifyFailure(error, t("trends.files.failed")),
    );
  };
  const request = (format: "csv" | "parquet", stepS?: number): Promise<Uint8Array> =>
    client.exportSamples({ signals, from, to, format, zone: plant.name, ...(stepS !== undefined && { stepS }) });
  const stepS = Math.max(0.001, Math.round((to - from) / FILE_ROWS / 1_000) / 1_000);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconDownload size={14} />}>
          {t("trends.files.title")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => save("analysis", "png", pictureOf())}>{t("trends.files.png")}</Menu.Item>
        {signals.length > 0 && (
          <>
            <Menu.Item onClick={() => save("table", "csv", request("csv", stepS))}>{t("trends.files.tableCsv")}</Menu.Item>
            <Menu.Item
              onClick={() => save("table", "xlsx", calls.table(client, { query: { signals: signals.join(","), from, to, stepS } }))}
            >
              {t("trends.files.tableXlsx")}
            </Menu.Item>
            <Menu.Item onClick={() => save("samples", "csv", request("csv"))}>{t("trends.files.samplesCsv")}</Menu.Item>
            <Menu.Item onClick={() => save("samples", "parquet", request("parquet"))}>{t("trends.files.samplesParquet")}</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
