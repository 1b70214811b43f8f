import { Button, PasswordInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import { Failure, taskError, useLoad, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { CompanyButtons, useOfferedProviders } from "./company-buttons.tsx";
import { makePasskey, wasGivenUp, whyNoPasskeys } from "../passkeys/passkey-support.ts";
import { RecoveryCodes } from "../passkeys/recovery-codes.tsx";
import { LoginCard } from "./login-card.tsx";
import { NewPassword } from "./new-password.tsx";
import { UseNotice } from "./use-notice.tsx";

/** Where the link of an invitation leads: its person chooses a password and is logged in. The token is behind the `#`, which no server and no log sees. */
export default function JoinPage(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const [token] = useState(() => location.hash.slice(1));
  const invitation = useLoad((signal) => client.invitation(token, { signal }), [token]);
  if (invitation.value !== undefined) return <ChoosePassword token={token} {...invitation.value} />;
  if (invitation.kind !== "failed")
    return (
      <LoginCard title={t("login.reading")}>
        <p className="dw-fine">{t("frame.loading")}</p>
      </LoginCard>
    );
  return (
    <LoginCard title={t("login.goneTitle")}>
      <Failure message={invitation.message} code={invitation.code} />
      <Button component="a" href="/" variant="default">
        {t("login.toLogin")}
      </Button>
    </LoginCard>
  );
}

interface Invited {
  readonly token: string;
  readonly login: string;
  readonly name: string;
}

function ChoosePassword({ token, login, name }: Invited): ReactNode {
  const { client, preferences } = useStudio();
  const { t } = useWords();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const task = useTask();
  const providers = useOfferedProviders();
  const [codes, setCodes] = useState<readonly string[] | undefined>(undefined);
  const differs = again !== "" && again !== password;
  const join = (): void =>
    task.run(async () => {
      await client.join(token, password);
      preferences.update((held) => ({ ...held, name }));
      // the link is gone from the history of the browser too
      location.replace("/");
    });
  if (codes !== undefined)
    return (
      <LoginCard title={t("login.joinTitle", { name })}>
        <RecoveryCodes codes={codes} onDone={() => location.replace("/")} />
      </LoginCard>
    );
  return (
    <LoginCard title={t("login.joinTitle", { name })}>
      <UseNotice />
      <CompanyButtons providers={providers} token={token} or={t("login.joinOr")} />
      <JoinByPasskey token={token} login={login} name={name} onJoined={setCodes} />
      <p className="dw-quiet">{t("login.joinText", { login })}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          join();
        }}
      >
        <input type="hidden" autoComplete="username" value={login} readOnly />
        <NewPassword
          words={[login, name]}
          value={password}
          autoFocus
          error={taskError(task)}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label={t("login.again")}
          value={again}
          autoComplete="new-password"
          error={differs ? t("login.notSame") : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <Button type="submit" loading={task.busy} disabled={password === "" || password !== again}>
          {t("login.joinGo")}
        </Button>
      </form>
    </LoginCard>
  );
}

/** In place of a password, where the page is open under a host name. */
function JoinByPasskey({ token, name, onJoined }: Invited & { readonly onJoined: (codes: readonly string[]) => void }): ReactNode {
  const { client, preferences } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const why = whyNoPasskeys();
  if (why !== undefined) return <p className="dw-fine">{t(`passkeys.why.${why}`)}</p>;
  const join = (): void =>
    task.run(async () => {
      const options = await client.offerJoinPasskey(token);
      let made: object;
      try {
        made = await makePasskey(options);
      } catch (error) {
        if (wasGivenUp(error)) return;
        throw error;
      }
      const { recoveryCodes } = await client.joinByPasskey(token, t("login.joinPasskeyName"), made);
      preferences.update((held) => ({ ...held, name }));
      // the link is good no more, and leaves the history of the browser
      history.replaceState(undefined, "", location.pathname);
      onJoined(recoveryCodes);
    });
  return (
    <>
      <Button leftSection={<IconKey size={16} />} loading={task.busy} onClick={join}>
        {t("login.joinPasskey")}
      </Button>
      {task.failure !== undefined && <p role="alert">{taskError(task)}</p>}
      <p className="dw-fine">{t("login.joinOr")}</p>
    </>
  );
}
