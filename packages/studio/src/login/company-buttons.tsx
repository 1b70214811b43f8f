import { Button } from "@mantine/core";
import type { ReactNode } from "react";
import type { OfferedProvider } from "@doppelwerk/client";
import { taskError, useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";

/** The providers of the company that this server takes people from; none while that is read, or cannot be. */
export function useOfferedProviders(): readonly OfferedProvider[] {
  const { client } = useStudio();
  return useLoad((signal) => client.offeredProviders({ signal }), []).value ?? [];
}

/** One button for each provider that a browser is sent to. `token`: of an invitation. */
export function CompanyButtons({
  providers,
  token,
  or,
}: {
  readonly providers: readonly OfferedProvider[];
  readonly token?: string;
  /** What else there is below. */
  readonly or: string;
}): ReactNode {
  const shown = providers.filter(({ kind }) => kind === "openid");
  if (shown.length === 0) return null;
  return (
    <div className="dw-login-company">
      {shown.map((provider) => (
        <CompanyButton key={provider.id} provider={provider} {...(token !== undefined && { token })} />
      ))}
      <p className="dw-login-or">
        <span>{or}</span>
      </p>
    </div>
  );
}

function CompanyButton({ provider: { id, name }, token }: { readonly provider: OfferedProvider; readonly token?: string }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const answers = useLoad((signal) => client.providerAnswers(id, { signal }), [id]);
  const go = (): void =>
    task.run(async () => {
      const returnTo = token === undefined ? location.pathname + location.search : "/";
      location.assign(await client.beginSignIn(id, { returnTo, ...(token !== undefined && { token }) }));
    });
  const isAway = answers.value === false;
  const problem = taskError(task) ?? (isAway ? t("login.companyAway", { name }) : undefined);
  return (
    <>
      <Button variant={isAway ? "default" : "filled"} loading={task.busy} onClick={go}>
        {t(token === undefined ? "login.companyGo" : "login.joinCompany", { name })}
      </Button>
      {problem !== undefined && (
        <p className="dw-fine" role="status">
          {problem}
        </p>
      )}
    </>
  );
}
