import { Button, FileButton } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  CardPart,
  Dialog,
  inLanguage,
  messageText,
  TaskProblem,
  useProposedEdit,
  useStore,
  useStudio,
  useTask,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { KnownList, Preview } from "../contract.ts";
import type {} from "../message-codes.ts";

interface Given {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly preview: Preview;
}

/** A file is chosen, what it would change is shown, and then it is proposed from live or stored on a branch. */
export function ListImport({
  list,
  onClose,
  onStored,
}: {
  readonly list: KnownList;
  readonly onClose: () => void;
  readonly onStored: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t, language } = useWords();
  const { branch } = useStore(studio.address.store);
  const [given, setGiven] = useState<Given>();
  const task = useTask();
  const title = inLanguage(list.title, language);
  const params = { id: list.id };
  const { busy, isLive, edit } = useProposedEdit(t("lists.failed"), () => {
    onClose();
    onStored();
  });
  const look = (file: File | null): void => {
    if (file === null) return;
    setGiven(undefined);
    task.run(async () => {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const preview = await calls.preview(studio.client, { params, query: { branch, name: file.name }, body: bytes });
      setGiven({ name: file.name, bytes, preview });
    });
  };
  const store = ({ name, bytes, preview }: Given): void =>
    edit(t("lists.branch", { title }), async (on) => {
      const { created, changed } = await calls.store(studio.client, {
        params,
        query: { branch: on, name, expected: preview.state },
        body: bytes,
      });
      studio.notify("good", t("lists.done", { title, created, changed }), name);
    });
  const changes = given === undefined ? 0 : given.preview.created.length + given.preview.changed.length;
  const isFaulty = given?.preview.findings.some(({ isFault }) => isFault) === true;
  return (
    <Dialog opened onClose={onClose} title={t("lists.importOf", { title })} size={760} centered>
      <div className="dw-list-import">
        <FileButton onChange={look} accept=".csv,.tsv,.txt,.xlsx">
          {(props) => (
            <Button {...props} variant="default" leftSection={<IconUpload size={14} />} loading={task.busy}>
              {t("lists.choose")}
            </Button>
          )}
        </FileButton>
        <TaskProblem task={task} />
        {given !== undefined && <PreviewOf list={list} given={given} />}
        <div className="dw-dialog-foot">
          <span className="dw-grow" />
          <Button variant="default" onClick={onClose}>
            {t("frame.cancel")}
          </Button>
          <Button disabled={given === undefined || isFaulty || changes === 0} loading={busy} onClick={() => given && store(given)}>
            {t(isLive ? "lists.propose" : "lists.store")}
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function PreviewOf({ list, given: { name, preview } }: { readonly list: KnownList; readonly given: Given }): ReactNode {
  const { t, language } = useWords();
  const { created, changed, unchanged, left, findings } = preview;
  const titleOf = (column: string): string => {
    const known = list.columns.find(({ key }) => key === column);
    return known === undefined ? column : inLanguage(known.title, language);
  };
  const faults = findings.filter(({ isFault }) => isFault);
  const notes = findings.filter(({ isFault }) => !isFault);
  return (
    <>
      <p role="status">
        <b>{name}</b>
        <br />
        {created.length + changed.length === 0 && faults.length === 0
          ? t("lists.nothing")
          : t("lists.summary", { created: created.length, changed: changed.length, unchanged, left })}
      </p>
      {faults.length > 0 && (
        <CardPart title={t("lists.faults", { count: faults.length })}>
          <Findings findings={faults} titleOf={titleOf} />
        </CardPart>
      )}
      {notes.length > 0 && (
        <CardPart title={t("lists.notes")}>
          <Findings findings={notes} titleOf={titleOf} />
        </CardPart>
      )}
      {changed.length > 0 && (
        <CardPart title={t("lists.changedRows")}>
          <ul className="dw-list-changes">
            {changed.map(({ key, fields }) => (
              <li key={key}>
                <b>{key}</b>
                {fields.map(({ column, from, to }) => (
                  <span key={column}>
                    {titleOf(column)}: {t("lists.fromTo", { from: shown(from, t), to: shown(to, t) })}
                  </span>
                ))}
              </li>
            ))}
          </ul>
        </CardPart>
      )}
      {created.length > 0 && (
        <CardPart title={t("lists.newRows")}>
          <p>{created.join(", ")}</p>
        </CardPart>
      )}
    </>
  );
}

function Findings({
  findings,
  titleOf,
}: {
  readonly findings: Preview["findings"];
  readonly titleOf: (column: string) => string;
}): ReactNode {
  const { t } = useWords();
  return (
    <ul className="dw-list-changes">
      {findings.map(({ line, column, message }, at) => (
        // the same fault may be on many lines, and twice on one
        <li key={at}>
          <b>
            {line === undefined
              ? t("lists.wholeFile")
              : column === undefined
                ? t("lists.line", { line })
                : t("lists.lineColumn", { line, column: titleOf(column) })}
          </b>
          <span>{messageText("", message)}</span>
        </li>
      ))}
    </ul>
  );
}

function shown(value: string | number | boolean | undefined, t: ReturnType<typeof useWords>["t"]): string {
  return value === undefined ? t("lists.nothingThere") : String(value);
}
