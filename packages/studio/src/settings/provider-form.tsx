import { Button, PasswordInput, Select, Textarea, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { ListedProvider, ProviderSettings } from "@doppelwerk/client";
import { Form, useSentForm, useStudio, useWords } from "@doppelwerk/ui";
import { ROLES } from "./role-names.tsx";

type Kind = "openid" | "ldap";

/** What is typed for each kind, in this order; what is not here is set by a file (guide `company-login.md`) and stays as it is. */
const FIELDS = {
  openid: ["name", "issuer", "clientId", "groupsClaim"],
  ldap: ["name", "url", "bindDn", "base", "filter", "groupBase", "idAttribute", "loginAttribute", "nameAttribute"],
} as const;
const SECRET = { openid: "clientSecret", ldap: "bindPassword" } as const;
const MAY_BE_EMPTY: ReadonlySet<string> = new Set(["groupBase"]);

/** As Active Directory has it; other directories have others. */
const FIRST: Readonly<Record<Kind, Readonly<Record<string, string>>>> = {
  openid: { groupsClaim: "groups" },
  ldap: {
    url: "ldaps://",
    filter: "(&(objectCategory=person)(objectClass=user)(sAMAccountName={login}))",
    idAttribute: "objectGUID",
    loginAttribute: "sAMAccountName",
    nameAttribute: "displayName",
  },
};

interface ProviderFormProps {
  readonly kind: Kind;
  readonly changed?: ListedProvider;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}

/** Adds a provider, or changes one. A secret is written and never read. */
export function ProviderForm({ kind, changed, onDone, onCancel }: ProviderFormProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const initial = { ...textsOf(kind, changed), secret: "", admits: String(changed?.config["admits"] ?? "invited") };
  const form = useSentForm<Readonly<Record<string, string>>>(initial, async ({ secret = "", admits = "", ...texts }) => {
    const { id = idOf(texts["name"]!), ...before } = changed?.config ?? {};
    await client.putProvider(String(id), settingsOf(kind, { before, texts, secret, admits }));
    onDone();
  });
  const isWhole = FIELDS[kind].every((name) => MAY_BE_EMPTY.has(name) || form.values[name]?.trim() !== "");
  return (
    <Form
      form={form}
      layout="grid"
      submit={t("settings.providerSave")}
      isWhole={isWhole}
      buttons={
        <Button variant="default" onClick={onCancel}>
          {t("frame.cancel")}
        </Button>
      }
    >
      {FIELDS[kind].map((name) => (
        <TextInput
          key={name}
          label={t(`settings.providerField.${name}`)}
          maxLength={500}
          spellCheck={false}
          autoCapitalize="none"
          {...form.field(name)}
        />
      ))}
      <PasswordInput
        label={t(`settings.providerField.${SECRET[kind]}`)}
        description={changed?.hasSecret === true ? t("settings.providerSecretStays") : undefined}
        autoComplete="off"
        {...form.field("secret")}
      />
      <Select
        label={t("settings.providerAdmits")}
        data={["invited", "groups"].map((value) => ({ value, label: t.or(`settings.providerAdmits.${value}`, value) }))}
        allowDeselect={false}
        {...form.field("admits")}
      />
      {ROLES.map((role) => (
        <Textarea
          key={role}
          label={t("settings.providerGroups", { role: t(`settings.role.${role}`) })}
          rows={2}
          spellCheck={false}
          {...form.field(role)}
        />
      ))}
    </Form>
  );
}

function textsOf(kind: Kind, changed: ListedProvider | undefined): Readonly<Record<string, string>> {
  const config: Readonly<Record<string, unknown>> = changed?.config ?? FIRST[kind];
  const fields = FIELDS[kind].map((name) => [name, String(config[name] ?? "")] as const);
  const groups = ROLES.map((role) => [role, (changed?.config.roles[role] ?? []).join("\n")] as const);
  return Object.fromEntries([...fields, ...groups]);
}

interface Typed {
  readonly before: Readonly<Record<string, unknown>>;
  readonly texts: Readonly<Record<string, string>>;
  readonly secret: string;
  readonly admits: string;
}

function settingsOf(kind: Kind, { before, texts, secret, admits }: Typed): ProviderSettings {
  const fields = FIELDS[kind].map((name) => [name, texts[name]!.trim()] as const).filter(([, text]) => text !== "");
  const emptied = Object.fromEntries(Object.entries(before).filter(([name]) => !FIELDS[kind].some((field) => field === name)));
  const groups = ROLES.map((role) => [role, linesOf(texts[role] ?? "")] as const).filter(([, lines]) => lines.length > 0);
  return {
    ...emptied,
    ...Object.fromEntries(fields),
    kind,
    name: texts["name"]!.trim(),
    admits,
    roles: Object.fromEntries(groups),
    ...(secret !== "" && { [SECRET[kind]]: secret }),
  };
}

/** Names of groups may have commas. */
const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Stands in addresses: small letters, digits and hyphens. */
function idOf(name: string): string {
  const id = name
    .toLowerCase()
    .normalize("NFKD")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 30)
    .replaceAll(/^-+|-+$/g, "");
  return id === "" ? "company" : id;
}
