import { Button, FileButton } from "@mantine/core";
import { IconArrowLeft, IconFileUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { DragEvent, ReactNode } from "react";
import { Empty, useStudio, useWords } from "@doppelwerk/kit/studio";
import { exampleModel } from "./example-model.ts";
import { modelOfFile } from "./model-of-file.ts";
import type { ModelOfFile, Refused } from "./model-of-file.ts";
import { ModelWatch } from "./model-watch.tsx";
import "../watch/watch.css";
import "./model-file.css";

interface FailedFile {
  readonly name: string;
  readonly why: Refused;
}

interface GivenModel {
  readonly name: string;
  readonly text: string;
}

const now = (): number => performance.now();

/** A model of a file (`doppelwerk simulate`) dropped here is watched in 3D, two of them side by side; nothing of it reaches the server. */
export default function ModelFile({ given, onClose }: { readonly given?: GivenModel; readonly onClose?: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [begun] = useState(() => given && { name: given.name, read: modelOfFile(given.name, given.text, now) });
  // a file that was edited and dropped again has its old name: what is watched begins again with every file, not with every name
  const [{ round, models }, setShown] = useState<{ readonly round: number; readonly models: readonly ModelOfFile[] }>({
    round: 0,
    models: begun === undefined || "reason" in begun.read ? [] : [begun.read],
  });
  const [failed, setFailed] = useState<FailedFile | undefined>(
    begun !== undefined && "reason" in begun.read ? { name: begun.name, why: begun.read } : undefined,
  );
  const add = (name: string, text: string, replace: boolean): void => {
    const read = modelOfFile(name, text, now);
    if ("reason" in read) return setFailed({ name, why: read });
    setFailed(undefined);
    setShown((before) => ({
      round: before.round + 1,
      models: replace || before.models.length !== 1 ? [read] : [before.models[0]!, read],
    }));
  };
  const take = (files: readonly File[], replace: boolean): void => {
    void (async () => {
      for (const [index, file] of files.slice(0, 2).entries()) add(file.name.slice(0, 200), await file.text(), replace && index === 0);
    })();
  };
  const onDrop = (event: DragEvent): void => {
    event.preventDefault();
    take([...event.dataTransfer.files], models.length !== 1);
  };
  const head = (
    <>
      <Button
        variant="subtle"
        color="gray"
        size="compact-sm"
        leftSection={<IconArrowLeft size={14} />}
        onClick={onClose ?? (() => studio.address.go({ detail: undefined }))}
      >
        {t(onClose === undefined ? "simulate.view.decide" : "simulate.eventLog.title")}
      </Button>
      <Choose label={t("simulate.modelFile.choose")} onFiles={(files) => take(files, true)} />
      {models.length === 1 && <Choose label={t("simulate.modelFile.beside")} onFiles={(files) => take(files, false)} />}
    </>
  );
  return (
    <div className="dw-page dw-watch dw-model-file" onDragOver={(event) => event.preventDefault()} onDrop={onDrop}>
      {failed !== undefined && <Refusal {...failed} />}
      {models.length > 0 ? (
        <ModelWatch key={round} models={models}>
          {head}
        </ModelWatch>
      ) : (
        <>
          <div className="dw-watch-head">{head}</div>
          <Empty
            title={t("simulate.modelFile.emptyTitle")}
            text={t("simulate.modelFile.emptyText")}
            action={t("simulate.modelFile.example")}
            onAction={() => add(t("simulate.modelFile.example"), JSON.stringify(exampleModel), true)}
          />
        </>
      )}
    </div>
  );
}

function Choose({ label, onFiles }: { readonly label: string; readonly onFiles: (files: readonly File[]) => void }): ReactNode {
  return (
    <FileButton onChange={(files) => onFiles(files)} accept=".json,application/json" multiple>
      {(props) => (
        <Button {...props} size="compact-sm" variant="default" leftSection={<IconFileUpload size={14} />}>
          {label}
        </Button>
      )}
    </FileButton>
  );
}

function Refusal({ name, why }: FailedFile): ReactNode {
  const { t } = useWords();
  return (
    <div className="dw-model-failure" role="alert">
      <b>{t("simulate.modelFile.refused", { name })}</b>
      {why.reason === "findings" ? (
        <ul>
          {why.lines.map((line) => (
            <li key={line}>
              <code>{line}</code>
            </li>
          ))}
          {why.more > 0 && <li>{t("simulate.modelFile.moreFindings", { count: why.more })}</li>}
        </ul>
      ) : (
        <p>{t(`simulate.modelFile.why.${why.reason}`)}</p>
      )}
    </div>
  );
}
