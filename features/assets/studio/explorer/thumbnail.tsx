import { FileButton, UnstyledButton } from "@mantine/core";
import { useEffect, useState } from "react";
import type { ReactNode } from "react";
import type { Shell } from "@doppelwerk/aas";
import { readThumbnail, writeThumbnail } from "@doppelwerk/client";
import { aasOf, useLoad, useScope, useStudio, useWords } from "@doppelwerk/kit/studio";
import { ifThere } from "./aas-access.ts";
import { previewOf } from "./preview.ts";
import { useChange } from "./use-change.ts";

/** The picture of the asset, and the way to put another there. */
export function Thumbnail({ shell, past }: { readonly shell: Shell; readonly past: boolean }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { change } = useChange();
  const named = shell.assetInformation.defaultThumbnail;
  const what = shell.idShort ?? shell.id;
  const loaded = useLoad(
    named === undefined ? undefined : () => ifThere(readThumbnail(aasOf(studio, branch), shell.id)).then((bytes) => ({ bytes })),
    [shell.id, branch, named?.path],
  );
  const [url, setUrl] = useState<string | undefined>(undefined);
  const bytes = loaded.value?.bytes;
  useEffect(() => {
    const { kind, type } =
      bytes === undefined ? { kind: "none", type: undefined } : previewOf(bytes, named?.contentType, named?.path ?? "");
    if (bytes === undefined || kind !== "picture" || type === undefined) return setUrl(undefined);
    const made = URL.createObjectURL(new Blob([bytes], { type }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes, named?.contentType, named?.path]);
  const upload = (file: File | null): void => {
    if (file === null) return;
    const form = new FormData();
    form.set("fileName", file.name);
    form.set("file", file);
    void change({
      reason: t("assets.explorer.uploadOf", { what: file.name }),
      done: t("assets.explorer.uploaded", { what: file.name }),
      failed: t("assets.explorer.notUploaded"),
      run: (api) => writeThumbnail(api, shell.id, form),
    });
  };
  return (
    <div className="dw-thumbnail">
      {url !== undefined && <img src={url} alt={t("assets.explorer.pictureOf", { what })} />}
      {!past && (
        <FileButton onChange={upload} accept="image/png,image/jpeg,image/gif,image/webp,image/svg+xml">
          {(props) => (
            <UnstyledButton {...props} className="dw-text-link">
              {url === undefined ? t("assets.explorer.addPicture") : t("assets.explorer.otherPicture")}
            </UnstyledButton>
          )}
        </FileButton>
      )}
    </div>
  );
}
