import { Select, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import type { CredentialList, MachineRole, TrustedIssuer } from "@doppelwerk/client";
import { Form, ListPart, RowActions, useSentForm, useStudio, useWords, type Column } from "@doppelwerk/ui";
import { shortDid } from "./short-did.ts";

const ROLES: readonly MachineRole[] = ["viewer", "operator", "engineer"];

interface TrustedProps {
  readonly list: CredentialList;
  readonly onChanged: () => void;
}

/** Whose credentials are taken, and what machines that show them may be at most. */
export function TrustedIssuers({ list: { trusted }, onChanged }: TrustedProps): ReactNode {
  const { t } = useWords();
  const columns: readonly Column<TrustedIssuer>[] = [
    { title: t("settings.itemName"), cell: (issuer) => <Named issuer={issuer} /> },
    { title: t("settings.credential.atMost"), cell: ({ role }) => t(`settings.role.${role}`) },
    {
      title: t("settings.accountState"),
      cell: ({ disabled, machines }) => (
        <>
          {t(disabled ? "settings.credential.trustedOff" : "settings.credential.trustedOn")}{" "}
          <small className="dw-row-note">{t("settings.machineCount", { count: machines })}</small>
        </>
      ),
    },
    { title: "", cell: (issuer) => <Tools issuer={issuer} onChanged={onChanged} /> },
  ];
  return (
    <>
      <ListPart
        caption={t("settings.credential.trusted")}
        columns={columns}
        rows={trusted}
        keyOf={({ id }) => id}
        empty={t("settings.credential.noneTrusted")}
        textOf={({ name, did, types }) => [name, did, ...types].join(" ")}
      />
      <NewIssuer onTrusted={onChanged} />
    </>
  );
}

interface Of {
  readonly issuer: TrustedIssuer;
}

function Named({ issuer: { name, did, types, pinned } }: Of): ReactNode {
  const { t } = useWords();
  return (
    <>
      {name}{" "}
      <small className="dw-row-note" title={did}>
        {[shortDid(did), types.join(", "), pinned && t("settings.credential.pinned")].filter(Boolean).join(" · ")}
      </small>
    </>
  );
}

function Tools({ issuer: { id, name, disabled }, onChanged }: Of & Pick<TrustedProps, "onChanged">): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  return (
    <RowActions
      onDone={onChanged}
      failed={t("settings.credential.notChanged")}
      actions={[
        {
          label: t(disabled ? "settings.enableAccount" : "settings.disableAccount"),
          run: () => client.changeTrustedIssuer(id, { disabled: !disabled }),
        },
        {
          label: t("settings.removeAccount"),
          question: { title: t("settings.credential.distrustTitle"), text: t("settings.credential.distrustText", { name }) },
          run: () => client.distrustIssuer(id),
        },
      ]}
    />
  );
}

const EMPTY = { did: "", name: "", types: "MachineCredential", role: "viewer" as MachineRole };

function NewIssuer({ onTrusted }: { readonly onTrusted: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async ({ did, name, types, role }) => {
    const named = types.split(/[\s,]+/).filter((type) => type !== "");
    await client.trustIssuer({ did: did.trim(), name: name.trim(), types: named, role });
    form.reset();
    onTrusted();
  });
  const { did, name, types } = form.values;
  const isWhole = did.trim() !== "" && name.trim() !== "" && types.trim() !== "";
  return (
    <Form form={form} submit={t("settings.credential.trust")} layout="grid" isWhole={isWhole}>
      <TextInput label={t("settings.credential.issuerDid")} placeholder="did:web:partner.example" maxLength={500} {...form.field("did")} />
      <TextInput label={t("settings.itemName")} maxLength={60} {...form.field("name")} />
      <TextInput label={t("settings.credential.types")} maxLength={300} {...form.field("types")} />
      <Select
        label={t("settings.credential.atMost")}
        allowDeselect={false}
        data={ROLES.map((value) => ({ value, label: t(`settings.role.${value}`) }))}
        {...form.field("role")}
      />
    </Form>
  );
}
