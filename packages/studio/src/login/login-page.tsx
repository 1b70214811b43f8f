import { Button, PasswordInput, TextInput } from "@mantine/core";
import { useState } from "react";
import type { ReactNode } from "react";
import type { SessionInfo } from "@doppelwerk/client";
import { DoppelwerkError } from "@doppelwerk/world";
import { taskError, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { CompanyButtons, useOfferedProviders } from "./company-buttons.tsx";
import { PasskeyLogIn } from "../passkeys/passkey-log-in.tsx";
import { LoginCard } from "./login-card.tsx";
import { keepNews } from "./sign-in-news.ts";
import { UseNotice } from "./use-notice.tsx";
import { withPerson } from "../session/known-person.ts";

/** Asks who it is; what was to be shown is there once it is known. */
export default function LoginPage(): ReactNode {
  const { client, preferences } = useStudio();
  const { t } = useWords();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const [code, setCode] = useState("");
  const [needsCode, setNeedsCode] = useState(false);
  const providers = useOfferedProviders();
  const directories = providers.filter(({ kind }) => kind === "ldap").map(({ name }) => name);
  const task = useTask((_, error) => setNeedsCode((before) => before || asksForCode(error)));
  const enter = (): void =>
    task.run(async () => {
      entered(await client.logIn({ login, password, ...(needsCode && { code }) }));
    });
  const entered = (info: SessionInfo): void => {
    const { person } = info;
    keepNews(info);
    if (person !== undefined) preferences.update((held) => withPerson(held, person));
    location.reload();
  };
  // that a code is missing is asked for, not shown as a failure
  const error = needsCode && code === "" ? undefined : taskError(task);
  return (
    <LoginCard title={t("login.title")}>
      <UseNotice />
      <CompanyButtons providers={providers} or={t("login.companyOr")} />
      <form
        onSubmit={(event) => {
          event.preventDefault();
          enter();
        }}
      >
        <TextInput
          label={t("login.login")}
          value={login}
          autoComplete="username webauthn"
          autoCapitalize="none"
          spellCheck={false}
          description={directories.length === 0 ? undefined : t("login.directoryHelp", { names: directories.join(", ") })}
          autoFocus
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("login.password")}
          value={password}
          autoComplete="current-password"
          error={needsCode ? undefined : error}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {needsCode && (
          <TextInput
            label={t("login.code")}
            value={code}
            autoComplete="one-time-code"
            inputMode="text"
            autoFocus
            error={error}
            onChange={(event) => setCode(event.currentTarget.value)}
          />
        )}
        <Button type="submit" loading={task.busy} disabled={login.trim() === "" || password === "" || (needsCode && code.trim() === "")}>
          {t("login.go")}
        </Button>
      </form>
      <PasskeyLogIn onLoggedIn={entered} />
      <p className="dw-fine">{t("login.help")}</p>
    </LoginCard>
  );
}

function asksForCode(error: unknown): boolean {
  const details = error instanceof DoppelwerkError ? error.details : undefined;
  return typeof details === "object" && details !== null && "needsCode" in details;
}
