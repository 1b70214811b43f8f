import { Button, NumberInput, PasswordInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { Form, useSentForm, useStudio, useWords } from "@doppelwerk/kit/studio";
import * as calls from "../calls.ts";
import type { Channel } from "../contract.ts";
import type {} from "../message-codes.ts";
import type { ChannelKind } from "../model/channel-kind.ts";
import { ownZone, timeZones } from "./times.ts";

interface ChannelFormProps {
  readonly kind: ChannelKind;
  readonly changed?: Channel;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

type Draft = ReturnType<typeof draftOf>;
type Given = Readonly<Record<string, unknown>>;

/** A channel: only the fields of its kind are sent; secrets that are left empty stay. */
export function ChannelForm({ kind, changed, onDone, onCancel }: ChannelFormProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm(draftOf(kind, changed?.fields), async (draft) => {
    const body = fieldsOf(kind, draft) as never;
    if (changed === undefined) await calls.addChannel(studio.client, { body });
    else await calls.changeChannel(studio.client, { params: { channel: changed.id }, body });
    studio.notify("good", t("notifications.channelStored"));
    onDone();
  });
  const { values, set, field } = form;
  const isMail = kind === "smtp";
  const isMqtt = kind === "mqtt";
  return (
    <Form
      form={form}
      layout="grid"
      submit={t("notifications.store")}
      isWhole={values.name.trim() !== ""}
      buttons={
        <Button variant="default" onClick={onCancel}>
          {t("frame.cancel")}
        </Button>
      }
    >
      <TextInput label={t("notifications.name")} maxLength={60} {...field("name")} />
      {isMail && <MailFields form={form} />}
      {isMqtt && <BrokerFields form={form} />}
      {!isMail && !isMqtt && <WebFields form={form} kind={kind} host={changed?.host} />}
      {(isMail || isMqtt) && <LoginFields form={form} hasSecret={changed?.hasSecret === true} />}
      {!isMail && (
        <Select
          label={t("notifications.language")}
          allowDeselect={false}
          data={[
            { value: "en", label: "English" },
            { value: "zh", label: t("notifications.chinese") },
          ]}
          {...field("language")}
        />
      )}
      {!isMail && (
        <Select label={t("notifications.timeZone")} searchable allowDeselect={false} data={[...timeZones()]} {...field("timeZone")} />
      )}
      <Textarea label={t("notifications.authority")} rows={2} {...field("ca")} />
      <Switch
        label={t("notifications.allowPrivate")}
        checked={values.allowPrivate}
        onChange={(event) => set({ allowPrivate: event.currentTarget.checked })}
      />
      <Switch label={t("notifications.isOn")} checked={values.isOn} onChange={(event) => set({ isOn: event.currentTarget.checked })} />
    </Form>
  );
}

type FormPart = { readonly form: Pick<ReturnType<typeof useSentForm<Draft>>, "field"> };

function BrokerFields({ form: { field } }: FormPart): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput label={t("notifications.broker")} placeholder="mqtts://broker.plant.example" {...field("url")} />
      <TextInput label={t("notifications.topic")} placeholder="plant/alarms" {...field("topic")} />
    </>
  );
}

function WebFields({
  form: { field },
  kind,
  host,
}: FormPart & { readonly kind: ChannelKind; readonly host: string | undefined }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <PasswordInput
        label={t("notifications.webAddress")}
        placeholder={host === undefined ? "https://" : t("notifications.keptOf", { host })}
        autoComplete="off"
        {...field("url")}
      />
      {(kind === "dingtalk" || kind === "webhook") && (
        <PasswordInput label={t("notifications.signSecret")} autoComplete="off" {...field("secret")} />
      )}
    </>
  );
}

function LoginFields({ form: { field }, hasSecret }: FormPart & { readonly hasSecret: boolean }): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput label={t("notifications.username")} autoComplete="off" {...field("username")} />
      <PasswordInput
        label={t("notifications.password")}
        placeholder={hasSecret ? t("notifications.kept") : ""}
        autoComplete="new-password"
        {...field("password")}
      />
    </>
  );
}

function MailFields({ form: { field } }: FormPart): ReactNode {
  const { t } = useWords();
  return (
    <>
      <TextInput label={t("notifications.mailHost")} placeholder="mail.plant.example" {...field("host")} />
      <NumberInput label={t("notifications.port")} min={1} max={65_535} hideControls {...field("port")} />
      <Select
        label={t("notifications.security")}
        allowDeselect={false}
        data={(["starttls", "tls", "none"] as const).map((value) => ({ value, label: t(`notifications.security.${value}`) }))}
        {...field("security")}
      />
      <TextInput label={t("notifications.sender")} placeholder="doppelwerk@plant.example" {...field("from")} />
    </>
  );
}

function draftOf(kind: ChannelKind, fields: Given = {}) {
  const text = (name: string, or = ""): string => (typeof fields[name] === "string" ? fields[name] : or);
  return {
    name: text("name"),
    isOn: fields["isOn"] !== false,
    allowPrivate: fields["allowPrivate"] === true,
    language: text("language", "en"),
    timeZone: text("timeZone", ownZone()),
    host: text("host"),
    port: typeof fields["port"] === "number" ? fields["port"] : 587,
    security: text("security", "starttls"),
    from: text("from"),
    username: text("username"),
    password: "",
    url: kind === "mqtt" ? text("url") : "",
    secret: "",
    topic: text("topic"),
    ca: text("ca"),
  };
}

const COMMON = ["name", "isOn", "allowPrivate", "language", "timeZone"] as const;
const OF_KIND: Readonly<Record<ChannelKind, readonly (keyof Draft)[]>> = {
  smtp: ["host", "port", "security", "from", "username", "password", "ca"],
  mqtt: ["url", "topic", "username", "password", "ca"],
  teams: ["url", "ca"],
  wecom: ["url", "ca"],
  dingtalk: ["url", "secret", "ca"],
  webhook: ["url", "secret", "ca"],
};

/** Without what is empty. */
function fieldsOf(kind: ChannelKind, draft: Draft): Given {
  const names = [...COMMON, ...OF_KIND[kind]];
  return { kind, ...Object.fromEntries(names.flatMap((name) => (draft[name] === "" ? [] : [[name, draft[name]]]))) };
}
