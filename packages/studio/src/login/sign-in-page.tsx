import { Button } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import type { ReactNode } from "react";
import { taskError, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { useOfferedProviders } from "./company-buttons.tsx";
import { LoginCard } from "./login-card.tsx";
import { withPerson } from "../session/known-person.ts";

/** Where a provider of the company sends the browser back to: whoever it is goes on to the page that was asked for, or reads why not. */
export default function SignInPage(): ReactNode {
  const { client, preferences } = useStudio();
  const { t } = useWords();
  const [id] = useState(() => decodeURIComponent(location.pathname.split("/")[2] ?? ""));
  const [query] = useState(() => location.search.slice(1));
  const task = useTask();
  const name = useOfferedProviders().find((provider) => provider.id === id)?.name ?? "…";
  const isAsked = useRef(false);
  useEffect(() => {
    // an answer counts once
    if (isAsked.current) return;
    isAsked.current = true;
    // the code of the provider stays in no history
    history.replaceState(undefined, "", location.pathname);
    task.run(async () => {
      const { person, returnTo } = await client.finishSignIn(id, query);
      if (person !== undefined) preferences.update((held) => withPerson(held, person));
      location.replace(returnTo);
    });
  }, [client, id, preferences, query, task]);
  if (task.failure === undefined)
    return (
      <LoginCard title={t("login.title")}>
        <p className="dw-fine">{t("login.companyWait", { name })}</p>
      </LoginCard>
    );
  return (
    <LoginCard title={t("login.companyRefused")}>
      <p role="alert">{taskError(task)}</p>
      <Button component="a" href="/" variant="default">
        {t("login.toLogin")}
      </Button>
    </LoginCard>
  );
}
