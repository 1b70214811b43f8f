import { Button, Checkbox, NativeSelect } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { answerOf, Card, Failure, useLoad, useScope, useStudio, useTask, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type {} from "../message-codes.ts";
import type { NoticeFields } from "../model/notice-kind.ts";

type Recipient = NoticeFields["to"][number];
const PRIORITIES = [1, 2, 3, 4] as const;

/** Who is notified of parts below their minimum. */
export function NoticeView(): ReactNode {
  const { branch } = useScope();
  const loaded = useLoad(answerOf(calls.notice, { query: { branch } }, { kinds: ["stockNotice", "onCallCalendar"] }));
  if (loaded.value === undefined)
    return loaded.kind === "failed" ? <Failure message={loaded.message} code={loaded.code} onRetry={loaded.reload} /> : <Waiting />;
  const { fields, choices } = loaded.value;
  return <NoticeForm key={JSON.stringify(fields)} fields={fields} choices={choices} onStored={loaded.reload} />;
}

function NoticeForm({
  fields,
  choices,
  onStored,
}: {
  readonly fields: NoticeFields;
  readonly choices: readonly { readonly kind: "onCall" | "person"; readonly id: string; readonly name: string }[];
  readonly onStored: () => void;
}): ReactNode {
  const studio = useStudio();
  const { branch } = useScope();
  const { t } = useWords();
  const [draft, setDraft] = useState(fields);
  const { busy, run } = useTask((_, error) => studio.notifyFailure(error, t("stores.failed")));
  const isChosen = (kind: "onCall" | "person", id: string): boolean => draft.to.some((each) => each.kind === kind && idOf(each) === id);
  const turn = (kind: "onCall" | "person", id: string): void =>
    setDraft({
      ...draft,
      to: isChosen(kind, id)
        ? draft.to.filter((each) => each.kind !== kind || idOf(each) !== id)
        : [...draft.to, kind === "onCall" ? { kind, calendar: id } : { kind, person: id }],
    });
  const channels = draft.to.filter(({ kind }) => kind === "channel").length;
  return (
    <Card title={t("stores.tab.notice")} note={t("stores.noticeNote")}>
      <form
        className="dw-stores-notice"
        onSubmit={(event) => {
          event.preventDefault();
          run(async () => {
            await calls.storeNotice(studio.client, { query: { branch }, body: { fields: draft } });
            onStored();
          });
        }}
      >
        <Checkbox
          label={t("stores.noticeOn")}
          checked={draft.isOn}
          onChange={({ currentTarget: { checked } }) => setDraft({ ...draft, isOn: checked })}
        />
        <NativeSelect
          label={t("stores.noticePriority")}
          value={String(draft.priority)}
          data={PRIORITIES.map((value) => ({ value: String(value), label: String(value) }))}
          onChange={({ currentTarget: { value } }) => setDraft({ ...draft, priority: Number(value) as NoticeFields["priority"] })}
        />
        <fieldset>
          <legend>{t("stores.noticeTo")}</legend>
          {choices.length === 0 && <p className="dw-note">{t("stores.noticeNobody")}</p>}
          {choices.map(({ kind, id, name }) => (
            <Checkbox
              key={`${kind} ${id}`}
              label={kind === "onCall" ? t("stores.noticeOnCall", { name }) : name}
              checked={isChosen(kind, id)}
              onChange={() => turn(kind, id)}
            />
          ))}
          {channels > 0 && <p className="dw-note">{t("stores.noticeChannels", { count: channels })}</p>}
        </fieldset>
        <Button type="submit" loading={busy}>
          {t("stores.store")}
        </Button>
      </form>
    </Card>
  );
}

const idOf = (recipient: Recipient): string =>
  recipient.kind === "onCall" ? recipient.calendar : recipient.kind === "person" ? recipient.person : recipient.channel;
