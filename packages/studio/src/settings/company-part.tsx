import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { OfferedProvider, SessionProvider } from "@doppelwerk/client";
import { CardPart, Form, useLoad, useSentForm, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { NewPassword } from "../login/new-password.tsx";

/** Through which provider of the company the account is logged in, or could be; a password for when that does not answer. */
export function CompanyPart({ own, onChanged }: { readonly own: SessionProvider; readonly onChanged: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const offered = useLoad((signal) => client.offeredProviders({ signal }), []).value ?? [];
  const { provider, offlineDays } = own;
  if (provider === undefined && !offered.some(({ kind }) => kind === "openid")) return null;
  return (
    <CardPart title={t("settings.company")}>
      {provider === undefined ? (
        offered.map((each) => <Bind key={each.id} provider={each} />)
      ) : (
        <>
          <p className="dw-fine">{t("settings.companyOf", { name: provider.name })}</p>
          {offlineDays > 0 && <OfflinePassword own={own} provider={provider} onChanged={onChanged} />}
        </>
      )}
    </CardPart>
  );
}

interface OfflinePasswordProps {
  readonly own: SessionProvider;
  readonly provider: OfferedProvider;
  readonly onChanged: () => void;
}

function OfflinePassword({ own: { offlineDays, offlinePassword }, provider: { name }, onChanged }: OfflinePasswordProps): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const form = useSentForm({ password: "" }, async ({ password }) => {
    await studio.client.setOfflinePassword(password);
    form.reset();
    studio.notify("good", t("settings.offlineKept"));
    onChanged();
  });
  return (
    <Form form={form} submit={t("settings.offlineKeep")} isWhole={form.values.password !== ""}>
      <NewPassword
        words={[]}
        label={t(offlinePassword ? "settings.offlineAnother" : "settings.offlinePassword")}
        description={t("settings.offlineText", { name, days: offlineDays })}
        {...form.field("password")}
      />
    </Form>
  );
}

function Bind({ provider: { id, name, kind } }: { readonly provider: OfferedProvider }): ReactNode {
  const studio = useStudio();
  const { t } = useWords();
  const task = useTask((_, error) => studio.notifyFailure(error));
  // a directory has no page of its own to ask for the password
  if (kind === "ldap") return null;
  const go = (): void =>
    task.run(async () =>
      location.assign(await studio.client.beginSignIn(id, { returnTo: location.pathname + location.search, binds: true })),
    );
  return (
    <p className="dw-account">
      <span className="dw-fine">{t("settings.companyBindText", { name })}</span>
      <Button size="compact-sm" variant="default" loading={task.busy} onClick={go}>
        {t("settings.companyBind", { name })}
      </Button>
    </p>
  );
}
