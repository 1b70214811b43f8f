import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { ListedMachine, MachineRole } from "@doppelwerk/client";
import {
  datedText,
  Form,
  ListPart,
  LoadedCard,
  momentText,
  RowActions,
  ShownOnce,
  useLoad,
  useSentForm,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { shortDid } from "../identities/short-did.ts";
import { MACHINE_ROLES, RoleNames } from "./role-names.tsx";

const momentOf = (iso: string): number => Date.parse(iso) * 1_000;

/** What somebody carries to a machine; shown once. */
interface Credential {
  readonly machine: ListedMachine;
  readonly code?: string;
  readonly token?: string;
}

/** Programs and devices that may connect to this server. */
export default function MachinesCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [given, setGiven] = useState<Credential | undefined>(undefined);
  const machines = useLoad((signal) => client.machines({ signal }), []);
  const give = (credential: Credential): void => {
    setGiven(credential);
    machines.reload();
  };
  const columns: readonly Column<ListedMachine>[] = [
    { title: t("settings.itemName"), cell: (machine) => <Named machine={machine} /> },
    { title: t("settings.accountRoles"), cell: ({ roles }) => <RoleNames roles={roles} />, className: "dw-account-roles" },
    { title: t("settings.accountState"), cell: (machine) => <State machine={machine} /> },
    { title: "", cell: (machine) => <Tools machine={machine} onChanged={machines.reload} onGiven={give} /> },
  ];
  return (
    <LoadedCard title={t("settings.machines")} note={(all) => t("settings.machineCount", { count: all.length })} loaded={machines}>
      {(all) => (
        <>
          <ListPart
            caption={t("settings.machines")}
            columns={columns}
            rows={all}
            keyOf={({ id }) => id}
            empty={t("settings.machinesNone")}
            textOf={({ name, did, state, createdBy, seen }) =>
              [name, did, t(`settings.machineState.${state}`), createdBy, seen?.address].join(" ")
            }
          />
          {given !== undefined && <GivenCredential {...given} />}
          <NewMachine onGiven={give} />
        </>
      )}
    </LoadedCard>
  );
}

function Named({ machine: { name, did, credential, issuer } }: { readonly machine: ListedMachine }): ReactNode {
  const { t } = useWords();
  return (
    <>
      {name}{" "}
      <small className="dw-quiet" title={did}>
        {did === undefined ? credential !== undefined && t("settings.machineByToken") : shortDid(did)}
        {issuer !== undefined && ` · ${t("settings.machineByCredential", { issuer: shortDid(issuer) })}`}
      </small>
    </>
  );
}

function State({
  machine: { state, seen, expires, createdBy, codeUntil, open, withheld, certificates = [] },
}: {
  readonly machine: ListedMachine;
}): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const time = (iso: string): string => momentText(momentOf(iso), zone, language, false);
  const notes = [
    withheld?.reason,
    seen === undefined ? t("settings.machineNeverSeen") : t("settings.machineSeen", { time: time(seen.time), address: seen.address }),
    open > 0 && t("settings.machineOpen", { count: open }),
    codeUntil !== undefined && t("settings.machineCodeUntil", { time: time(codeUntil) }),
    expires !== undefined && t("settings.machineExpires", { time: datedText(momentOf(expires), studio.now(), zone, language) }),
    ...certificates.map(({ kind, until }) =>
      t(kind === "opcua" ? "settings.machineCertificateOpcua" : "settings.machineCertificate", {
        time: datedText(momentOf(until), studio.now(), zone, language),
      }),
    ),
    createdBy !== undefined && t("settings.machineBy", { name: createdBy }),
  ];
  return (
    <>
      {t(`settings.machineState.${state}`)} <small className="dw-row-note">{notes.filter(Boolean).join(" · ")}</small>
    </>
  );
}

interface ToolsProps {
  readonly machine: ListedMachine;
  readonly onChanged: () => void;
  readonly onGiven: (credential: Credential) => void;
}

function Tools({ machine: { id, name, state, credential, issuer, certificates = [] }, onChanged, onGiven }: ToolsProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const isDisabled = state === "disabled";
  const isByToken = credential === "token";
  return (
    <RowActions
      onDone={onChanged}
      failed={t("settings.machineNotChanged")}
      actions={[
        issuer === undefined && {
          label: t(isByToken ? "settings.machineNewToken" : "settings.machineNewCode"),
          disabled: isDisabled,
          run: async () => onGiven(await (isByToken ? client.giveMachineToken(id) : client.offerMachineCode(id))),
        },
        ...(certificates.length === 0
          ? []
          : [{ label: t("settings.machineRevoke"), run: async () => void (await client.revokeMachineCertificates(id)) }]),
        {
          label: t(isDisabled ? "settings.enableAccount" : "settings.disableAccount"),
          run: () => client.changeMachine(id, { disabled: !isDisabled }),
        },
        {
          label: t("settings.removeAccount"),
          question: { title: t("settings.removeMachine"), text: t("settings.removeMachineText", { name }) },
          run: () => client.removeMachine(id),
        },
      ]}
    />
  );
}

function GivenCredential({ machine: { name, codeUntil }, code, token }: Credential): ReactNode {
  const { t, zone, language } = useWords();
  const text = token ?? `doppelwerk machines enrol ${code} --server ${location.origin} --key machine.jwk`;
  const label =
    token === undefined
      ? t("settings.machineCommand", { name, time: codeUntil === undefined ? "" : momentText(momentOf(codeUntil), zone, language, false) })
      : t("settings.machineToken", { name });
  return <ShownOnce label={label} text={text} />;
}

const EMPTY = { name: "", role: "viewer" as MachineRole, way: "key" as "key" | "token" };

function NewMachine({ onGiven }: { readonly onGiven: (credential: Credential) => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const form = useSentForm(EMPTY, async ({ name, role, way }) => {
    const { id } = await client.createMachine({ name, roles: [role] });
    onGiven(way === "key" ? await client.offerMachineCode(id) : await client.giveMachineToken(id));
    form.set({ name: "" });
  });
  return (
    <Form form={form} submit={t("settings.addMachine")} isWhole={form.values.name.trim() !== ""}>
      <TextInput label={t("settings.machineName")} maxLength={60} {...form.field("name")} />
      <Select
        label={t("settings.role")}
        data={MACHINE_ROLES.map((value) => ({ value, label: t(`settings.role.${value}`) }))}
        allowDeselect={false}
        {...form.field("role")}
      />
      <Select
        label={t("settings.machineShows")}
        data={(["key", "token"] as const).map((value) => ({ value, label: t(`settings.machineShows.${value}`) }))}
        allowDeselect={false}
        {...form.field("way")}
      />
    </Form>
  );
}
