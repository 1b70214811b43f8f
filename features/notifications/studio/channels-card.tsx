import { Button, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import { Form, ListPart, LoadedCard, RowActions, useLoad, useSentForm, useStudio, useWords, type Column } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Channel } from "../contract.ts";
import type {} from "../message-codes.ts";
import { ChannelForm } from "./channel-form.tsx";

export const KINDS = ["smtp", "teams", "dingtalk", "wecom", "webhook", "mqtt"] as const;
type Kind = (typeof KINDS)[number];
type Edited = { readonly kind: Kind; readonly changed?: Channel };

/** Mail servers, chats, programs and brokers that notifications are sent by; for administrators. */
export default function ChannelsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [edited, setEdited] = useState<Edited | undefined>(undefined);
  const loaded = useLoad((signal) => calls.channels(client, {}, { signal }), []);
  const changed = (): void => {
    setEdited(undefined);
    loaded.reload();
  };
  const columns: readonly Column<Channel>[] = [
    { title: t("notifications.name"), cell: (channel) => <Named channel={channel} /> },
    { title: t("notifications.kind"), cell: ({ fields }) => t(`notifications.kind.${fields.kind}`) },
    {
      title: "",
      cell: (channel) => (
        <Tools channel={channel} onChange={() => setEdited({ kind: channel.fields.kind, changed: channel })} onChanged={changed} />
      ),
    },
  ];
  return (
    <LoadedCard title={t("notifications.channels")} note={() => t("notifications.channelsNote")} loaded={loaded}>
      {({ channels, address }) => (
        <>
          <ListPart
            caption={t("notifications.channels")}
            columns={columns}
            rows={channels as readonly Channel[]}
            keyOf={({ id }) => id}
            empty={t("notifications.channelsNone")}
            textOf={({ fields }) => fields.name}
          />
          {edited === undefined ? (
            <NewChannel onChosen={(kind) => setEdited({ kind })} />
          ) : (
            <ChannelForm key={edited.changed?.id ?? edited.kind} {...edited} onDone={changed} onCancel={() => setEdited(undefined)} />
          )}
          <OwnAddress key={address} address={address} onChanged={changed} />
        </>
      )}
    </LoadedCard>
  );
}

function NewChannel({ onChosen }: { readonly onChosen: (kind: Kind) => void }): ReactNode {
  const { t } = useWords();
  return (
    <Select
      className="dw-list-filter"
      aria-label={t("notifications.addChannel")}
      placeholder={t("notifications.addChannel")}
      value={null}
      data={KINDS.map((value) => ({ value, label: t(`notifications.kind.${value}`) }))}
      onChange={(value) => value !== null && onChosen(value as Kind)}
    />
  );
}

function Named({ channel: { fields, host, hasSecret } }: { readonly channel: Channel }): ReactNode {
  const { t } = useWords();
  const where = fields.kind === "smtp" ? `${fields.host}:${fields.port}` : fields.kind === "mqtt" ? fields.url : host;
  const facts = [where, hasSecret && t("notifications.hasSecret"), !fields.isOn && t("notifications.off")];
  return (
    <>
      {fields.name} <small className="dw-quiet">{facts.filter(Boolean).join(" · ")}</small>
    </>
  );
}

function Tools({
  channel: { id, fields },
  onChange,
  onChanged,
}: {
  readonly channel: Channel;
  readonly onChange: () => void;
  readonly onChanged: () => void;
}): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const params = { channel: id };
  const test = async (): Promise<void> => {
    await calls.testChannel(studio.client, { params });
    studio.notify("good", t("notifications.testSent"));
  };
  return (
    <RowActions
      failed={t("notifications.testFailed")}
      actions={[
        { label: t("notifications.sendTest"), run: test },
        { label: t("notifications.change"), run: onChange },
        {
          label: t("notifications.remove"),
          question: { title: t("notifications.removeChannel"), text: t("notifications.removeChannelText", { name: fields.name }) },
          run: () => calls.removeChannel(studio.client, { params }).then(onChanged),
        },
      ]}
    />
  );
}

/** What this server is called in links; what the browser shows is offered. */
function OwnAddress({ address, onChanged }: { readonly address: string | undefined; readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm({ address: address ?? "" }, async (typed) => {
    const given = typed.address.trim();
    await calls.setAddress(client, { body: given === "" ? {} : { address: given } });
    onChanged();
  });
  return (
    <>
      <p className="dw-fine">{t("notifications.addressText")}</p>
      <Form
        form={form}
        submit={t("notifications.store")}
        isWhole={form.isChanged}
        buttons={
          <Button variant="default" onClick={() => form.set({ address: location.origin })}>
            {t("notifications.thisAddress")}
          </Button>
        }
      >
        <TextInput label={t("notifications.address")} placeholder="https://doppelwerk.plant.example:7800" {...form.field("address")} />
      </Form>
    </>
  );
}
