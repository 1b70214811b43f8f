import { Select, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { AccountRole, InvitedAccount, ListedAccount } from "@doppelwerk/client";
import {
  datedText,
  Form,
  fromLocal,
  ListPart,
  LoadedCard,
  momentText,
  RowActions,
  ShownOnce,
  useLoad,
  useSentForm,
  useSession,
  useStudio,
  useWords,
  type Column,
} from "@doppelwerk/ui";
import { QrPicture } from "./qr-picture.tsx";
import { RoleNames, ROLES } from "./role-names.tsx";

/** People who may log in on this server. */
export default function AccountsCard(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const own = useSession().value?.person?.id;
  const [invited, setInvited] = useState<InvitedAccount | undefined>(undefined);
  const accounts = useLoad((signal) => client.accounts({ signal }), []);
  const providers = useLoad((signal) => client.offeredProviders({ signal }), []).value ?? [];
  const sourceOf = ({ provider }: ListedAccount): string | undefined =>
    provider === undefined ? undefined : (providers.find(({ id }) => id === provider)?.name ?? provider);
  const invite = (made: InvitedAccount): void => {
    setInvited(made);
    accounts.reload();
  };
  const columns: readonly Column<ListedAccount>[] = [
    { title: t("settings.accountName"), cell: (account) => <Named account={account} source={sourceOf(account)} /> },
    { title: t("settings.accountRoles"), cell: ({ roles }) => <RoleNames roles={roles} />, className: "dw-account-roles" },
    { title: t("settings.accountState"), cell: (account) => <State account={account} /> },
    {
      title: "",
      cell: (account) => <Tools account={account} isOwn={account.id === own} onChanged={accounts.reload} onInvited={invite} />,
    },
  ];
  return (
    <LoadedCard title={t("settings.accounts")} note={(all) => t("settings.accountCount", { count: all.length })} loaded={accounts}>
      {(all) => (
        <>
          <ListPart
            caption={t("settings.accounts")}
            columns={columns}
            rows={all}
            keyOf={({ id }) => id}
            empty={null}
            textOf={(account) =>
              [
                account.name,
                account.login,
                sourceOf(account),
                t(`settings.accountState.${account.state}`),
                ...account.roles.map((role) => t(`settings.role.${role}`)),
              ].join(" ")
            }
          />
          {invited !== undefined && <Link invited={invited} />}
          <NewAccount onInvited={invite} />
        </>
      )}
    </LoadedCard>
  );
}

function Link({ invited: { account, token } }: { readonly invited: InvitedAccount }): ReactNode {
  const { t } = useWords();
  const address = `${location.origin}/join#${token}`;
  const picture = t("settings.invitePicture", { name: account.name });
  return (
    <ShownOnce label={t("settings.inviteLink", { name: account.name })} text={address}>
      <figure className="dw-invite-picture">
        <QrPicture text={address} label={picture} />
        <figcaption className="dw-fine">{picture}</figcaption>
      </figure>
    </ShownOnce>
  );
}

function Named({
  account: { name, login },
  source,
}: {
  readonly account: ListedAccount;
  /** Provider of the company that the account is of. */
  readonly source: string | undefined;
}): ReactNode {
  const { t } = useWords();
  return (
    <>
      {name}{" "}
      <small className="dw-quiet">
        {login}
        {source !== undefined && ` · ${t("settings.accountSource", { name: source })}`}
      </small>
    </>
  );
}

function State({ account: { state, sessions, expires } }: { readonly account: ListedAccount }): ReactNode {
  const studio = useStudio();
  const { t, zone, language } = useWords();
  const seen = Math.max(...sessions.map((session) => session.seen));
  return (
    <>
      {t(`settings.accountState.${state}`)}
      {expires !== undefined &&
        ` · ${t("settings.guestUntil", { day: datedText(Date.parse(expires) * 1_000, studio.now(), zone, language) })}`}
      <small className="dw-row-note">
        {" "}
        {t("settings.accountSessions", { count: sessions.length })}
        {sessions.length > 0 && `, ${t("settings.accountSeen", { time: momentText(seen, zone, language, false) })}`}
      </small>
    </>
  );
}

interface ToolsProps {
  readonly account: ListedAccount;
  readonly isOwn: boolean;
  readonly onChanged: () => void;
  readonly onInvited: (made: InvitedAccount) => void;
}

function Tools({ account: { id, name, state, provider }, isOwn, onChanged, onInvited }: ToolsProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const isDisabled = state === "disabled";
  return (
    <RowActions
      onDone={onChanged}
      failed={t("settings.accountNotChanged")}
      actions={[
        provider === undefined
          ? { label: t("settings.inviteAgain"), disabled: isDisabled, run: async () => onInvited(await client.inviteAccount(id)) }
          : { label: t("settings.unbindAccount"), run: () => client.unbindAccount(id) },
        !isOwn && {
          label: t(isDisabled ? "settings.enableAccount" : "settings.disableAccount"),
          run: () => client.changeAccount(id, { disabled: !isDisabled }),
        },
        !isOwn && {
          label: t("settings.removeAccount"),
          question: { title: t("settings.removeAccount"), text: t("settings.removeAccountText", { name }) },
          run: () => client.removeAccount(id),
        },
      ]}
    />
  );
}

const isoOf = (instant: number): string => new Date(instant / 1_000).toISOString();

const EMPTY = { login: "", name: "", role: "viewer" as AccountRole, until: "" };

function NewAccount({ onInvited }: { readonly onInvited: (made: InvitedAccount) => void }): ReactNode {
  const { client } = useStudio();
  const { t, zone } = useWords();
  const form = useSentForm(EMPTY, async ({ login, name, role, until }) => {
    // to the end of the day at the plant
    const expires = until === "" ? {} : { expires: isoOf(fromLocal(zone, Date.parse(`${until}T23:59:59Z`) * 1_000)) };
    onInvited(await client.createAccount({ login, name, roles: [role], ...expires }));
    form.reset();
  });
  const { login, name } = form.values;
  return (
    <Form form={form} submit={t("settings.invite")} isWhole={login.trim() !== "" && name.trim() !== ""}>
      <TextInput label={t("login.login")} maxLength={64} autoCapitalize="none" {...form.field("login")} />
      <TextInput label={t("settings.accountName")} maxLength={60} {...form.field("name")} />
      <Select
        label={t("settings.role")}
        data={ROLES.map((value) => ({ value, label: t(`settings.role.${value}`) }))}
        allowDeselect={false}
        {...form.field("role")}
      />
      <TextInput label={t("settings.validUntil")} type="date" min={new Date().toISOString().slice(0, 10)} {...form.field("until")} />
    </Form>
  );
}
