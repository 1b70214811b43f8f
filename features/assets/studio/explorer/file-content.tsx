import { Button, FileButton } from "@mantine/core";
import { IconDownload, IconUpload } from "@tabler/icons-react";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import type { ReactNode } from "react";
import type { Blob as BlobElement, File as FileElement } from "@doppelwerk/aas";
import { readAttachment, writeAttachment } from "@doppelwerk/client";
import { aasOf, errorText, useLoad, useScope, useStore, useStudio, useWords } from "@doppelwerk/kit/studio";
import { ifThere } from "./aas-access.ts";
import { readDelimited } from "./delimited.ts";
import { previewOf } from "./preview.ts";

const PdfPreview = lazy(() => import("./pdf-preview.tsx").then((room) => ({ default: room.PdfPreview })));
const ModelPreview = lazy(() => import("./model-preview.tsx").then((room) => ({ default: room.ModelPreview })));

/** Letters of a text, and lines of a table, that are shown. */
const [MOST_SHOWN, MOST_ROWS] = [50_000, 201];

/** The file behind a File or Blob: a preview of what is safe to show, its bytes to take away, another to put in its place. */
export function FileContent({
  element,
  submodel,
  path,
  past,
}: {
  readonly element: FileElement | BlobElement;
  readonly submodel: string;
  readonly path: string;
  readonly past: boolean;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const commits = useStore(studio.commits);
  const [busy, setBusy] = useState(false);
  const outside = element.modelType === "File" && /^https?:\/\//i.test(element.value ?? "");
  const bytes = useLoad(
    outside || past ? undefined : () => ifThere(readAttachment(aasOf(studio, branch), { submodel, path })).then((read) => ({ read })),
    [submodel, path, branch, commits, element.modelType === "File" ? element.value : ""],
  );
  const upload = async (file: globalThis.File | null): Promise<void> => {
    if (file === null) return;
    setBusy(true);
    try {
      const form = new FormData();
      form.set("fileName", file.name);
      form.set("file", file);
      await writeAttachment(aasOf(studio, branch, t("assets.explorer.uploadOf", { what: file.name })), { submodel, path }, form);
      studio.notify("good", t("assets.explorer.uploaded", { what: file.name }));
      studio.commits.update((count) => count + 1);
    } catch (error) {
      studio.notify("trouble", t("assets.explorer.notUploaded"), errorText(error));
    }
    setBusy(false);
  };
  const name = element.modelType === "File" ? (element.value?.split("/").at(-1) ?? element.idShort ?? "file") : (element.idShort ?? "blob");
  return (
    <div className="dw-file">
      <dl className="dw-facts">
        {element.modelType === "File" && (
          <>
            <dt>{t("assets.explorer.file")}</dt>
            <dd className="dw-breaks">
              {outside ? (
                <a href={element.value} target="_blank" rel="noreferrer">
                  {element.value}
                </a>
              ) : (
                (element.value ?? t("assets.explorer.noFile"))
              )}
            </dd>
          </>
        )}
        <dt>{t("assets.explorer.contentType")}</dt>
        <dd>{element.contentType ?? "–"}</dd>
      </dl>
      {bytes.kind === "failed" && <p className="dw-note is-trouble">{bytes.message}</p>}
      {!outside && !past && bytes.kind === "ready" && bytes.value.read === undefined && (
        <p className="dw-quiet">{t("assets.explorer.noFileHere")}</p>
      )}
      {bytes.value?.read !== undefined && <Preview bytes={bytes.value.read} contentType={element.contentType} name={name} />}
      {!past && (
        <FileButton onChange={(file) => void upload(file)}>
          {(props) => (
            <Button {...props} size="sm" variant="default" loading={busy} leftSection={<IconUpload size={16} />}>
              {t("assets.explorer.upload")}
            </Button>
          )}
        </FileButton>
      )}
    </div>
  );
}

function Preview({
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
      {kind === "text" && <pre className="dw-json">{new TextDecoder().decode(bytes.subarray(0, MOST_SHOWN))}</pre>}
      {kind === "json" && <pre className="dw-json">{indented(new TextDecoder().decode(bytes)).slice(0, MOST_SHOWN)}</pre>}
      {kind === "table" && <Table text={new TextDecoder().decode(bytes)} />}
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

function Table({ text }: { readonly text: string }): ReactNode {
  const { t } = useWords();
  const { rows, isWhole } = useMemo(() => readDelimited(text, MOST_ROWS), [text]);
  const [head, ...body] = rows;
  return (
    <div className="dw-preview-table">
      <table className="dw-table">
        <thead>
          <tr>
            {head?.map((field, column) => (
              // oxlint-disable-next-line react/no-array-index-key -- a field is known by its place
              <th key={column}>{field}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {body.map((row, line) => (
            // oxlint-disable-next-line react/no-array-index-key -- a line is known by its place
            <tr key={line}>
              {row.map((field, column) => (
                // oxlint-disable-next-line react/no-array-index-key -- a field is known by its place
                <td key={column}>{field}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {!isWhole && <small>{t("assets.explorer.firstRows", { count: MOST_ROWS - 1 })}</small>}
    </div>
  );
}

function sizeText(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}
