import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import type { ReactNode } from "react";
import type { Blob as BlobElement, File as FileElement } from "@doppelwerk/aas";
import { readAttachment, writeAttachment } from "@doppelwerk/client";
import { aasOf, useLoad, useScope, useStore, useStudio, useTask, useWords } from "@doppelwerk/kit/studio";
import { ifThere } from "./aas-access.ts";
import { FilePreview } from "./file-preview.tsx";

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
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("assets.explorer.notUploaded")));
  const isOutside = element.modelType === "File" && /^https?:\/\//i.test(element.value ?? "");
  const bytes = useLoad(
    isOutside || past ? undefined : () => ifThere(readAttachment(aasOf(studio, branch), { submodel, path })).then((read) => ({ read })),
    [submodel, path, branch, commits, element.modelType === "File" ? element.value : ""],
  );
  const upload = (file: globalThis.File): void =>
    run(async () => {
      const form = new FormData();
      form.set("fileName", file.name);
      form.set("file", file);
      await writeAttachment(aasOf(studio, branch, t("assets.explorer.uploadOf", { what: file.name })), { submodel, path }, form);
      studio.notify("good", t("assets.explorer.uploaded", { what: file.name }));
      studio.commits.update((count) => count + 1);
    });
  return (
    <div className="dw-file">
      <FileFacts element={element} isOutside={isOutside} />
      {bytes.kind === "failed" && <p className="dw-note is-trouble">{bytes.message}</p>}
      {!isOutside && !past && bytes.kind === "ready" && bytes.value.read === undefined && (
        <p className="dw-quiet">{t("assets.explorer.noFileHere")}</p>
      )}
      {bytes.value?.read !== undefined && <FilePreview bytes={bytes.value.read} contentType={element.contentType} name={nameOf(element)} />}
      {!past && (
        <FileButton onChange={(file) => file !== null && upload(file)}>
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

function nameOf(element: FileElement | BlobElement): string {
  if (element.modelType === "Blob") return element.idShort ?? "blob";
  return element.value?.split("/").at(-1) ?? element.idShort ?? "file";
}

/** Where it is, and of which content type. */
function FileFacts({ element, isOutside }: { readonly element: FileElement | BlobElement; readonly isOutside: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <dl className="dw-facts">
      {element.modelType === "File" && (
        <>
          <dt>{t("assets.explorer.file")}</dt>
          <dd className="dw-breaks">
            {isOutside ? (
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
  );
}
