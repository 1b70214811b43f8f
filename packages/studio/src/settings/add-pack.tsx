import { Button, FileButton } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Dialog, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { addUpload, uploadPack, type PackUpload } from "./pack-calls.ts";
import { SignatureText } from "./signature-text.tsx";

/** Sends an archive of a pack, shows what it asks for, and adds it once that is agreed to. */
export function AddPack({ onAdded }: { readonly onAdded: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error, t("settings.packNotAdded")));
  const [shown, setShown] = useState<PackUpload | undefined>(undefined);
  const send = (file: File | null): void => {
    if (file === null) return;
    task.run(async () => setShown(await uploadPack(studio.client, { body: new Uint8Array(await file.arrayBuffer()) })));
  };
  const agree = (id: string): void =>
    task.run(async () => {
      const { name, version } = await addUpload(studio.client, { params: { id } });
      setShown(undefined);
      studio.notify("good", t("settings.packAdded", { name, version }), t("settings.packAddedText"));
      onAdded();
    });
  return (
    <>
      <FileButton accept=".tgz,application/gzip" onChange={send}>
        {(button) => (
          <Button {...button} size="compact-sm" variant="default" loading={task.busy}>
            {t("settings.addPack")}
          </Button>
        )}
      </FileButton>
      {shown !== undefined && (
        <Dialog opened onClose={() => setShown(undefined)} title={`${shown.name} ${shown.version}`} centered>
          <Asked upload={shown} />
          <div className="dw-dialog-foot">
            <span className="dw-grow" />
            <Button variant="default" onClick={() => setShown(undefined)}>
              {t("frame.cancel")}
            </Button>
            <Button loading={task.busy} onClick={() => agree(shown.id)}>
              {t("settings.addPackAgree")}
            </Button>
          </div>
        </Dialog>
      )}
    </>
  );
}

function Asked({ upload }: { readonly upload: PackUpload }): ReactNode {
  const { t } = useWords();
  const { description, permissions, features, views, files, signature, replaces, replacesNewer } = upload;
  return (
    <>
      {description !== "" && <p>{description}</p>}
      <dl className="dw-facts">
        <dt>{t("settings.packSignature")}</dt>
        <dd>
          <SignatureText signature={signature} />
        </dd>
        <dt>{t("settings.packMay")}</dt>
        <dd>
          {permissions.length === 0
            ? t("settings.packMayNothing")
            : permissions.map((one) => t.or(`settings.packMay.${one}`, one)).join(t("settings.packBetween"))}
        </dd>
        <dt>{t("settings.packBrings")}</dt>
        <dd>{t("settings.packBringsText", { features: features.join(", "), files })}</dd>
      </dl>
      {views > 0 && <p className="dw-note">{t("settings.packViews")}</p>}
      {replaces !== undefined && (
        <p className={replacesNewer ? "dw-note is-trouble" : "dw-note"}>
          {t(replacesNewer ? "settings.packReplacesNewer" : "settings.packReplaces", { version: replaces })}
        </p>
      )}
    </>
  );
}
