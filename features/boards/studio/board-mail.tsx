import { Button, Checkbox, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { FormDialog, useLoad, useSentForm, useStudio, useWords, Waiting } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { MailFields } from "../model/board-kind.ts";
import type {} from "../message-codes.ts";

const WEEK = [1, 2, 3, 4, 5, 6, 0] as const;

/** When the person gets a board by mail. */
export function BoardMail({ id, onClose }: { readonly id: string; readonly onClose: () => void }): ReactNode {
  const { client } = useStudio();
  const loaded = useLoad((signal) => calls.mail(client, { params: { id } }, { signal }), ["boards.mail", id]);
  if (loaded.value === undefined) return <Waiting />;
  return <MailForm id={id} held={loaded.value} onClose={onClose} />;
}

function MailForm({
  id,
  held,
  onClose,
}: {
  readonly id: string;
  readonly held: Awaited<ReturnType<typeof calls.mail>>;
  readonly onClose: () => void;
}): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [fields, setFields] = useState<MailFields>(held.mail ?? { at: "06:00", days: [1, 2, 3, 4, 5] });
  const store = async (mail: MailFields | undefined): Promise<void> => {
    await calls.setMail(client, { params: { id }, body: mail === undefined ? {} : { mail: { at: mail.at, days: [...mail.days] } } });
    onClose();
  };
  const form = useSentForm({}, () => store(fields));
  const toggle = (day: number): void =>
    setFields({ ...fields, days: fields.days.includes(day) ? fields.days.filter((each) => each !== day) : [...fields.days, day] });
  return (
    <FormDialog
      title={t("boards.mail")}
      submit={t("boards.store")}
      form={form}
      isWhole={fields.days.length > 0 && fields.at !== ""}
      onClose={onClose}
      buttons={
        held.mail !== undefined && (
          <Button variant="default" color="red" onClick={() => form.task.run(() => store(undefined))}>
            {t("boards.mailNone")}
          </Button>
        )
      }
    >
      {!held.isReachable && <p className="dw-note is-trouble">{t("boards.mailUnreachable")}</p>}
      <TextInput
        type="time"
        label={t("boards.mailAt")}
        value={fields.at}
        onChange={({ currentTarget }) => setFields({ ...fields, at: currentTarget.value })}
      />
      <fieldset className="dw-board-days">
        <legend>{t("boards.mailDays")}</legend>
        {WEEK.map((day) => (
          <Checkbox
            key={day}
            label={t("boards.mailDay", { day: String(day) })}
            checked={fields.days.includes(day)}
            onChange={() => toggle(day)}
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}
