import { Button, Select } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  Card,
  fileMoment,
  fileName,
  Problem,
  saveFile,
  sizeText,
  useFormTask,
  useStore,
  useStudio,
  useWords,
} from "@doppelwerk/kit/studio";
import { useForm } from "@mantine/form";
import "./trends.css";

const HOUR = 3_600_000_000;
const SPANS = { "8h": 8 * HOUR, "24h": 24 * HOUR, "7d": 168 * HOUR, "30d": 720 * HOUR } as const;
type SpanName = keyof typeof SPANS;

/** Every signal of a line or a place as one file. */
export default function ExportCard({ place, title }: { readonly place?: string; readonly title?: string }): ReactNode {
  const studio = useStudio();
  const line = useStore(studio.line);
  const { detail } = useStore(studio.address.store);
  const { t, zone } = useWords();
  const [span, setSpan] = useState<SpanName>("8h");
  const [rows, setRows] = useState<"samples" | "minutes">("samples");
  const form = useForm({ initialValues: {} });
  const { busy, failure, code, run } = useFormTask(form, { paths: {} });
  const id = place ?? detail;
  const signals = id === undefined ? (line === undefined ? undefined : { line: line.id }) : { place: id };
  if (signals === undefined) return null;
  const of = title ?? line?.id;
  const save = (format: "csv" | "parquet") => async (): Promise<void> => {
    const to = Math.round(studio.time.shown.get() ?? studio.now());
    const stepS = rows === "minutes" ? 60 : undefined;
    const file = await studio.client.exportSamples({
      signals,
      from: to - SPANS[span],
      to,
      format,
      ...(stepS !== undefined && { stepS }),
      zone: zone.name,
    });
    const named = fileName(["history", of, span, "to", fileMoment(to, zone)], format);
    saveFile(named, file);
    studio.notify("good", t("history.export.saved", { size: sizeText(file.byteLength) }), named);
  };
  return (
    <Card
      className="dw-export-card"
      title={t("history.export.title")}
      note={t(id === undefined ? "history.export.ofLine" : "history.export.ofPlace")}
    >
      <div className="dw-export-tools">
        <Select
          size="xs"
          aria-label={t("history.export.span")}
          value={span}
          allowDeselect={false}
          onChange={(chosen) => setSpan(chosen as SpanName)}
          data={Object.keys(SPANS).map((value) => ({ value, label: t.or(`history.export.last.${value}`, value) }))}
        />
        <Select
          size="xs"
          aria-label={t("history.export.rows")}
          value={rows}
          allowDeselect={false}
          onChange={(chosen) => setRows(chosen as typeof rows)}
          data={["samples", "minutes"].map((value) => ({ value, label: t.or(`history.export.row.${value}`, value) }))}
        />
        {(["csv", "parquet"] as const).map((format) => (
          <Button
            key={format}
            size="xs"
            variant="default"
            disabled={busy}
            leftSection={<IconDownload size={14} />}
            onClick={() => void run(save(format))}
          >
            {t(`history.export.${format}`)}
          </Button>
        ))}
      </div>
      {failure !== undefined && <Problem text={failure} code={code} />}
    </Card>
  );
}
