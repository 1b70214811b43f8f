import type { Client } from "@doppelwerk/client";
import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import {
  answerOf,
  Failure,
  RowActions,
  useLoad,
  useScope,
  useStore,
  useStudio,
  useSubject,
  useTask,
  useWords,
} from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Pin } from "../contract.ts";
import type {} from "../message-codes.ts";
import { pinPlace } from "./place-choice.ts";
import "./pins.css";

/** Documents that are pinned to the station, and how one is. */
export default function PinsTab(): ReactNode {
  const station = useSubject()?.station;
  const { branch } = useScope();
  const { t } = useWords();
  const id = station?.id ?? "";
  const loaded = useLoad(answerOf(calls.list, { query: { branch, station: id } }, { kinds: ["pinnedDocument"] }));
  const { shown } = useStore(pinPlace);
  if (station === undefined) return null;
  const pins = loaded.value;
  return (
    <section className="dw-block">
      <header>
        <h3>{t("pins.title")}</h3>
      </header>
      {pins === undefined && loaded.kind === "failed" && <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} />}
      {pins?.length === 0 && <p className="dw-quiet">{t("pins.none")}</p>}
      <ul className="dw-pins-list">
        {pins?.map((pin) => (
          <PinRow key={pin.id} pin={pin} isShown={pin.id === shown} onChanged={loaded.reload} />
        ))}
      </ul>
      {station.shell !== undefined && <PinForm key={id} station={id} shell={station.shell} onAdded={loaded.reload} />}
    </section>
  );
}

function PinRow({ pin, isShown, onChanged }: { readonly pin: Pin; readonly isShown: boolean; readonly onChanged: () => void }): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [url, setUrl] = useState<string | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("pins.failed")));
  const { id, fields, by } = pin;
  const { content } = fields;
  const open = (): void =>
    run(async () => {
      if (content.kind !== "file") return;
      const bytes = (await calls.file(studio.client, { params: { id }, query: { branch } })) as Uint8Array<ArrayBuffer>;
      setUrl(URL.createObjectURL(new Blob([bytes], { type: content.type })));
    });
  return (
    <li className={isShown ? "is-shown" : undefined}>
      <p>
        <b>{fields.title}</b> <small className="dw-quiet-text">{by}</small>
      </p>
      <div className="dw-pins-acts">
        {content.kind === "link" ? (
          <a href={content.url} target="_blank" rel="noopener noreferrer">
            {new URL(content.url).host}
          </a>
        ) : (
          url === undefined && (
            <Button size="compact-sm" variant="default" loading={busy} onClick={open}>
              {t("pins.open", { name: content.name })}
            </Button>
          )
        )}
        {fields.point !== undefined && (
          <Button size="compact-sm" variant="default" onClick={() => pinPlace.set({ shown: id })}>
            {t("pins.lookAt")}
          </Button>
        )}
        <RowActions
          actions={[{ label: t("pins.remove"), run: () => calls.remove(studio.client, { params: { id }, query: { branch } }) }]}
          onDone={onChanged}
        />
      </div>
      {url !== undefined && content.kind === "file" && <Shown type={content.type} url={url} title={fields.title} />}
    </li>
  );
}

/** Only what the server found to be a picture, a video or a PDF by its bytes. */
function Shown({ type, url, title }: { readonly type: string; readonly url: string; readonly title: string }): ReactNode {
  const { t } = useWords();
  if (type.startsWith("image/")) return <img src={url} alt={title} />;
  // what a machine does has no words that subtitles would show
  if (type.startsWith("video/")) return <video src={url} controls aria-label={title} />;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer">
      {t("pins.openPdf")}
    </a>
  );
}

function PinForm({
  station,
  shell,
  onAdded,
}: {
  readonly station: string;
  readonly shell: string;
  readonly onAdded: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const { chosen } = useStore(pinPlace);
  const [title, setTitle] = useState("");
  const [url, setUrl] = useState("");
  const [file, setFile] = useState<File | undefined>(undefined);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("pins.failed")));
  const place = chosen?.station === station ? { point: [...chosen.point], view: { ...chosen.view, target: [...chosen.view.target] } } : {};
  const send = (): void =>
    run(async () => {
      const content = file === undefined ? { kind: "link" as const, url: url.trim() } : await storedFile(studio.client, branch, file);
      const fields = { station, shell, title: title.trim(), content, ...place };
      await calls.add(studio.client, { query: { branch }, body: { fields } as never });
      pinPlace.set({});
      setTitle("");
      setUrl("");
      setFile(undefined);
      onAdded();
    });
  return (
    <form
      className="dw-pins-form"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextInput
        size="sm"
        label={t("pins.name")}
        maxLength={200}
        value={title}
        onChange={({ currentTarget: { value } }) => setTitle(value)}
      />
      <TextInput
        size="sm"
        label={t("pins.address")}
        placeholder="https://…"
        maxLength={2_000}
        disabled={file !== undefined}
        value={url}
        onChange={({ currentTarget: { value } }) => setUrl(value)}
      />
      <FileField onFile={setFile} />
      <PointNote station={station} />
      <div className="dw-pins-acts">
        <Button size="compact-md" variant="default" onClick={() => pinPlace.set({ choosing: station })}>
          {t("pins.choosePoint")}
        </Button>
        <Button size="compact-md" type="submit" loading={busy} disabled={title.trim() === "" || (url.trim() === "" && file === undefined)}>
          {t("pins.pin")}
        </Button>
      </div>
    </form>
  );
}

/** Stores a file; what it is the server finds by its bytes. */
async function storedFile(client: Client, branch: string, file: File) {
  const stored = await calls.addFile(client, { query: { branch }, body: new Uint8Array(await file.arrayBuffer()) as never });
  return { kind: "file" as const, name: file.name.slice(0, 200), ...stored };
}

function FileField({ onFile }: { readonly onFile: (file: File | undefined) => void }): ReactNode {
  const { t } = useWords();
  return (
    <label>
      <span>{t("pins.file")}</span>
      <input
        type="file"
        accept="application/pdf,image/png,image/jpeg,image/webp,video/mp4,video/webm"
        onChange={({ currentTarget: { files } }) => onFile(files?.[0])}
      />
    </label>
  );
}

function PointNote({ station }: { readonly station: string }): ReactNode {
  const { chosen, choosing } = useStore(pinPlace);
  const { t } = useWords();
  const code = chosen?.station === station ? "pins.hasPoint" : choosing === station ? "pins.choose" : "pins.noPoint";
  return <p className="dw-quiet">{t(code)}</p>;
}
