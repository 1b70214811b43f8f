import { Button } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useEffect } from "react";
import type { ReactNode } from "react";
import type { SessionInfo } from "@doppelwerk/client";
import { Failure, useStudio, useTask, useWords } from "@doppelwerk/ui";
import { offersAutofill, stopWaiting, askPasskey, wasGivenUp, whyNoPasskeys } from "./passkey-support.ts";
import "./passkeys.css";

/** Before a challenge of the server is over, which takes five minutes. */
const RENEWED_MS = 4 * 60_000;

/** The way in without typing: by a button, and offered by the browser where the login is typed. Where it does not work it says why. */
export function PasskeyLogIn({ onLoggedIn }: { readonly onLoggedIn: (session: SessionInfo) => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const waiting = useTask();
  const why = whyNoPasskeys();
  const logIn = async (isAutofill: boolean): Promise<void> => {
    let response: object;
    try {
      response = await askPasskey(await client.offerPasskeyLogIn(), isAutofill);
    } catch (error) {
      if (wasGivenUp(error)) return;
      throw error;
    }
    onLoggedIn(await client.logInByPasskey(response));
  };
  useEffect(() => {
    if (why !== undefined) return undefined;
    const wait = (): void => waiting.run(async () => (await offersAutofill()) && (await logIn(true)));
    wait();
    const renewing = setInterval(wait, RENEWED_MS);
    return () => {
      clearInterval(renewing);
      void stopWaiting();
    };
    // once: what it calls does not change with the page
  }, []);
  if (why !== undefined) return <p className="dw-fine">{t(`passkeys.why.${why}`)}</p>;
  return (
    <div className="dw-passkey-log-in">
      <Button variant="default" leftSection={<IconKey size={16} />} loading={task.busy} onClick={() => task.run(() => logIn(false))}>
        {t("passkeys.logIn")}
      </Button>
      {(task.failure ?? waiting.failure) !== undefined && (
        <Failure message={(task.failure ?? waiting.failure)!} code={task.code ?? waiting.code} />
      )}
    </div>
  );
}
