import { Button, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Card, DataTable, durationText, messageText, useLoad, useStudio, useTask, useWords, taskError } from "@doppelwerk/kit/studio";
import type { Column } from "@doppelwerk/kit/studio";
import { textOf } from "@doppelwerk/messages";
import * as calls from "../calls.ts";
import type { Link } from "../contract.ts";
import type {} from "../message-codes.ts";
import { EndButton } from "./end-button.tsx";
import { LoadedList } from "./loaded-list.tsx";
import "./links.css";

const EVERY_MS = 5_000;

/** Other worlds that this one shows, and since when each has been out of contact. */
export default function LinksCard(): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const [changes, setChanges] = useState(0);
  const loaded = useLoad((signal) => calls.list(studio.client, {}, { signal }), [], EVERY_MS, changes);
  const reload = (): void => setChanges((count) => count + 1);
  return (
    <Card title={t("links.title")}>
      <LoadedList loaded={loaded}>{({ links, now }) => <LinkTable links={links} now={now} onChanged={reload} />}</LoadedList>
      <NewLink onAdded={reload} />
    </Card>
  );
}

function LinkTable({
  links,
  now,
  onChanged,
}: {
  readonly links: readonly Link[];
  readonly now: number;
  readonly onChanged: () => void;
}): ReactNode {
  const { t } = useWords();
  if (links.length === 0) return <p className="dw-fine">{t("links.empty")}</p>;
  const columns: readonly Column<Link>[] = [
    {
      title: t("links.world"),
      cell: ({ name, url }) => (
        <>
          {name} <small className="dw-quiet">{url}</small>
        </>
      ),
    },
    { title: t("links.what"), cell: ({ shows, findings }) => <Shown shows={shows} findings={findings} /> },
    { title: t("links.state"), cell: (link) => <LinkState link={link} now={now} /> },
    { title: "", cell: (link) => <RemoveLink link={link} onRemoved={onChanged} /> },
  ];
  return <DataTable caption={t("links.title")} columns={columns} rows={links} keyOf={({ id }) => id} />;
}

function Shown({ shows, findings }: Pick<Link, "shows" | "findings">): ReactNode {
  const { t } = useWords();
  return (
    <>
      {t("links.shows", shows)}
      {findings.map((finding) => (
        <small key={finding.code} className="dw-quiet dw-links-why">
          {messageText(textOf(finding), finding)}
        </small>
      ))}
    </>
  );
}

/** While it is connected its age says nothing. */
function LinkState({ link: { state, reason, lastContact }, now }: { readonly link: Link; readonly now: number }): ReactNode {
  const { t, language } = useWords();
  const age =
    lastContact === undefined
      ? t("links.noContact")
      : t("links.lastContact", { duration: durationText(Math.max(0, now - lastContact), language) });
  return (
    <>
      {t(`links.state.${state}`)}
      {state !== "online" && <small className="dw-quiet"> {age}</small>}
      {reason !== undefined && <small className="dw-quiet dw-links-why">{messageText(textOf(reason), reason)}</small>}
    </>
  );
}

function RemoveLink({ link: { id, name }, onRemoved }: { readonly link: Link; readonly onRemoved: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const remove = () => calls.remove(client, { params: { link: id } });
  return <EndButton text={t("links.remove")} label={t("links.removeLabel", { name })} end={remove} onEnded={onRemoved} />;
}

function NewLink({ onAdded }: { readonly onAdded: () => void }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [url, setUrl] = useState("");
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const add = (): void =>
    task.run(async () => {
      const named = name.trim();
      await calls.add(studio.client, { body: { url: url.trim(), key: key.trim(), ...(named !== "" && { name: named }) } });
      setUrl("");
      setKey("");
      setName("");
      onAdded();
    });
  return (
    <form
      className="dw-links-form"
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <TextInput
        label={t("links.address")}
        description={t("links.addressHint")}
        value={url}
        error={taskError(task)}
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <TextInput
        label={t("links.key")}
        description={t("links.keyHint")}
        type="password"
        autoComplete="off"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <TextInput label={t("links.name")} maxLength={60} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Button type="submit" variant="default" loading={task.busy} disabled={url.trim() === "" || key.trim() === ""}>
        {t("links.add")}
      </Button>
    </form>
  );
}
