import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import { DataTable, useWords } from "@doppelwerk/kit/studio";
import { readDelimited } from "./delimited.ts";
import { previewOf } from "./preview.ts";

const PdfPreview = lazy(() => import("./pdf-preview.tsx").then(({ PdfPreview: view }) => ({ default: view })));
const ModelPreview = lazy(() => import("./model-preview.tsx").then(({ ModelPreview: view }) => ({ default: view })));

/** Letters of a text, and lines of a table, that are shown. */
const [MAX_LETTERS, MAX_ROWS] = [50_000, 201];

/** What is safe to show of a file, and its bytes to take away. */
export function FilePreview({
  bytes,
  contentType,
  name,
}: {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly contentType: string | undefined;
  readonly name: string;
}): ReactNode {
  const { t } = useWords();
  const { kind, type, format } = previewOf(bytes, contentType, name);
  const [url, setUrl] = useState<string | undefined>(undefined);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes], { type: type ?? "application/octet-stream" }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, type]);
  if (url === undefined) return null;
  return (
    <div className="dw-preview">
      {kind === "picture" && <img src={url} alt={name} />}
      {kind === "pdf" && (
        <Suspense fallback={<p className="dw-quiet">{t("frame.loading")}</p>}>
          <PdfPreview bytes={bytes} name={name} />
        </Suspense>
      )}
      {kind === "text" && <pre className="dw-json">{new TextDecoder().decode(bytes.subarray(0, MAX_LETTERS))}</pre>}
      {kind === "json" && <pre className="dw-json">{indented(new TextDecoder().decode(bytes)).slice(0, MAX_LETTERS)}</pre>}
      {kind === "table" && <Table name={name} text={new TextDecoder().decode(bytes)} />}
      {format !== undefined && (
        <Suspense fallback={null}>
          <ModelPreview bytes={bytes} format={format} name={name} />
        </Suspense>
      )}
      {kind === "none" && <p className="dw-quiet">{t("assets.explorer.noPreview")}</p>}
      <Button component="a" href={url} download={name} size="sm" variant="default" leftSection={<IconDownload size={16} />}>
        {t("assets.explorer.download", { size: sizeText(bytes.length) })}
      </Button>
    </div>
  );
}

/** JSON as people read it; what is none, as it is. */
function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

interface Line {
  readonly fields: readonly string[];
  readonly line: number;
}

function Table({ name, text }: { readonly name: string; readonly text: string }): ReactNode {
  const { t } = useWords();
  const { rows, isWhole } = useMemo(() => readDelimited(text, MAX_ROWS), [text]);
  const [head, ...body] = rows;
  return (
    <div className="dw-preview-table">
      <DataTable
        caption={name}
        columns={(head ?? []).map((title, column) => ({ title, cell: ({ fields }: Line) => fields[column] }))}
        rows={body.map((fields, line) => ({ fields, line }))}
        keyOf={({ line }) => String(line)}
        isDense
      />
      {!isWhole && <small>{t("assets.explorer.firstRows", { count: MAX_ROWS - 1 })}</small>}
    </div>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
