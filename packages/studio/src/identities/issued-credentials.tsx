import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { CredentialList, IssuedCredential, MachineRole } from "@doppelwerk/client";
import {
  datedText,
  Form,
  ListPart,
  RowActions,
  ShownOnce,
  useLoad,
  useSentForm,
  useStudio,
  useWords,
  type Column,
  type SentForm,
} from "@doppelwerk/ui";
import { momentOf, shortDid } from "./short-did.ts";

const ROLES: readonly MachineRole[] = ["viewer", "operator", "engineer"];
const KINDS = ["machine", "edge", "connector", "service", "assistant", "person", "company"] as const;
const DAY_MS = 86_400_000;

interface IssuedProps {
  readonly list: CredentialList;
  readonly onChanged: () => void;
}

interface Shown {
  readonly name: string;
  readonly text: string;
}

/** Credentials that this server issued, and a form for another one. */
export function IssuedCredentials({ list: { issued, publishedAs }, onChanged }: IssuedProps): ReactNode {
  const { t } = useWords();
  const [given, setGiven] = useState<Shown | undefined>(undefined);
  const columns: readonly Column<IssuedCredential>[] = [
    { title: t("settings.itemName"), cell: (credential) => <About credential={credential} /> },
    { title: t("settings.role"), cell: ({ role }) => (role === undefined ? "–" : isRole(role) ? t(`settings.role.${role}`) : role) },
    { title: t("settings.accountState"), cell: (credential) => <State credential={credential} /> },
    { title: "", cell: (credential) => <Tools credential={credential} onChanged={onChanged} onShown={setGiven} /> },
  ];
  return (
    <>
      <ListPart
        caption={t("settings.credential.issued")}
        columns={columns}
        rows={issued}
        keyOf={({ id }) => id}
        empty={t("settings.credential.noneIssued")}
        textOf={({ name, kind, company, place, subject, state }) =>
          [name, t(`settings.credential.kind.${kind}`), company, place, subject, t(`settings.credential.state.${state}`)].join(" ")
        }
      />
      {given !== undefined && <ShownOnce label={t("settings.credential.text", { name: given.name })} text={given.text} />}
      {publishedAs === undefined ? (
        <p className="dw-fine">{t("settings.credential.publishFirst")}</p>
      ) : (
        <NewCredential
          onIssued={(shown) => {
            setGiven(shown);
            onChanged();
          }}
        />
      )}
    </>
  );
}

interface Of {
  readonly credential: IssuedCredential;
}

function About({ credential: { name, kind, company, place, subject } }: Of): ReactNode {
  const { t } = useWords();
  const notes = [t(`settings.credential.kind.${kind}`), company, place, subject !== undefined && shortDid(subject)];
  return (
    <>
      {name ?? t("settings.identity.nobody")}{" "}
      <small className="dw-row-note" title={subject}>
        {notes.filter(Boolean).join(" · ")}
      </small>
    </>
  );
}

function State({ credential: { state, validUntil, createdBy, ended } }: Of): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const day = (iso: string): string => datedText(momentOf(iso), studio.now(), zone, language);
  const notes =
    ended === undefined
      ? [
          t("settings.credential.until", { time: day(validUntil) }),
          createdBy !== undefined && t("settings.credential.by", { name: createdBy }),
        ]
      : [day(ended.at), ended.by];
  return (
    <>
      {t(`settings.credential.state.${state}`)} <small className="dw-row-note">{notes.filter(Boolean).join(" · ")}</small>
    </>
  );
}

interface ToolsProps extends Of {
  readonly onChanged: () => void;
  readonly onShown: (shown: Shown) => void;
}

function Tools({ credential: { id, name = "", state }, onChanged, onShown }: ToolsProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  if (state === "revoked") return null;
  const isSuspended = state === "suspended";
  return (
    <RowActions
      onDone={onChanged}
      failed={t("settings.credential.notChanged")}
      actions={[
        { label: t("settings.credential.show"), run: async () => onShown({ name, ...(await client.credentialText(id)) }) },
        (state === "valid" || isSuspended) && {
          label: t(isSuspended ? "settings.credential.resume" : "settings.credential.suspend"),
          run: () => client.suspendCredential(id, !isSuspended),
        },
        {
          label: t("settings.credential.revoke"),
          question: { title: t("settings.credential.revokeTitle"), text: t("settings.credential.revokeText", { name }) },
          run: () => client.revokeCredential(id),
        },
      ]}
    />
  );
}

const isRole = (role: string): role is MachineRole => (ROLES as readonly string[]).includes(role);

const EMPTY = {
  kind: "machine" as IssuedCredential["kind"],
  about: "",
  name: "",
  subject: "",
  role: "viewer",
  company: "",
  place: "",
  days: "365",
};
type Asked = typeof EMPTY;

function NewCredential({ onIssued }: { readonly onIssued: (shown: Shown) => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async (asked) => {
    const { credential, text } = await client.issueCredential(askedOf(asked));
    onIssued({ name: credential.name ?? "", text });
    form.reset();
  });
  const { kind, about, name, subject, days } = form.values;
  const isOfRole = kind !== "person" && kind !== "company";
  const isWhole = Number(days) >= 1 && (about !== "" || (kind !== "person" && name.trim() !== "" && subject.trim() !== ""));
  return (
    <Form form={form} submit={t("settings.credential.issue")} layout="grid" isWhole={isWhole}>
      <Select
        label={t("settings.credential.kind")}
        allowDeselect={false}
        data={KINDS.map((value) => ({ value, label: t(`settings.credential.kind.${value}`) }))}
        value={kind}
        onChange={(value) =>
          form.set({ kind: value as Asked["kind"], about: "", role: value === "person" || value === "company" ? "" : "viewer" })
        }
      />
      <WhoItIsAbout form={form} />
      {isOfRole ? (
        <Select
          label={t("settings.role")}
          allowDeselect={false}
          data={ROLES.map((value) => ({ value, label: t(`settings.role.${value}`) }))}
          {...form.field("role")}
        />
      ) : (
        <TextInput label={t("settings.role")} maxLength={60} {...form.field("role")} />
      )}
      <TextInput label={t("settings.credential.company")} maxLength={60} {...form.field("company")} />
      <TextInput label={t("settings.credential.place")} maxLength={60} {...form.field("place")} />
      <TextInput label={t("settings.credential.days")} inputMode="numeric" maxLength={4} {...form.field("days")} />
    </Form>
  );
}

/** A machine or person of this server, or somebody else by name and DID. */
function WhoItIsAbout({ form }: { readonly form: SentForm<Asked> }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const machines = useLoad((signal) => client.machines({ signal }), []);
  const accounts = useLoad((signal) => client.accounts({ signal }), []);
  const { kind, about } = form.values;
  const isPerson = kind === "person";
  const known = isPerson ? accounts.value : machines.value?.filter(({ did }) => did !== undefined);
  return (
    <>
      {kind !== "company" && (
        <Select
          label={t(isPerson ? "settings.credential.person" : "settings.credential.ownMachine")}
          placeholder={t(isPerson ? "settings.credential.choose" : "settings.credential.none")}
          clearable
          data={(known ?? []).map(({ id, name }) => ({ value: id, label: name }))}
          value={about === "" ? null : about}
          onChange={(value) => form.set({ about: value ?? "" })}
        />
      )}
      {about === "" && !isPerson && <TextInput label={t("settings.itemName")} maxLength={60} {...form.field("name")} />}
      {(about === "" || isPerson) && (
        <TextInput label={t("settings.credential.subject")} placeholder="did:key:z6Mk…" maxLength={500} {...form.field("subject")} />
      )}
    </>
  );
}

function askedOf({ kind, about, name, subject, role, company, place, days }: Asked) {
  const isOwn = about !== "";
  return {
    kind,
    ...(isOwn && (kind === "person" ? { account: about } : { machine: about })),
    ...(subject.trim() !== "" && { subject: subject.trim() }),
    ...(!isOwn && name.trim() !== "" && { name: name.trim() }),
    ...(role !== "" && { role }),
    ...(company.trim() !== "" && { company: company.trim() }),
    ...(place.trim() !== "" && { place: place.trim() }),
    validUntil: new Date(Date.now() + Number(days) * DAY_MS).toISOString(),
  };
}
