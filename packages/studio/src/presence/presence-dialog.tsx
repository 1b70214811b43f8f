import { Button, PasswordInput, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { useState } from "react";
import type { ReactNode } from "react";
import type { PresenceWay } from "@doppelwerk/client";
import { Dialog, Failure, taskError, useLoad, useStudio, useTask, useWords, type PresenceQuestion } from "@doppelwerk/ui";
import { askPasskey, wasGivenUp } from "../passkeys/passkey-support.ts";
import "./presence.css";

/** One dialog for whatever needs a fresh proof that the person is there; afterwards what was asked for is sent again. */
export default function PresenceDialog({ question }: { readonly question: PresenceQuestion }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const offered = useLoad(() => client.presenceWays(), []);
  return (
    <Dialog opened onClose={() => question.answer(false)} title={t("presence.title")} centered size={420}>
      <p>{t("presence.text")}</p>
      {offered.value !== undefined ? (
        <Ways {...offered.value} onProved={() => question.answer(true)} />
      ) : offered.kind === "failed" ? (
        <Failure message={offered.message} code={offered.code} onRetry={offered.reload} />
      ) : (
        <p className="dw-fine">{t("frame.loading")}</p>
      )}
    </Dialog>
  );
}

interface WaysProps {
  readonly ways: readonly PresenceWay[];
  readonly passkey?: object;
  readonly onProved: () => void;
}

function Ways({ ways, passkey, onProved }: WaysProps): ReactNode {
  const { t } = useWords();
  const typed = ways.filter((way) => way === "code" || way === "password" || way === "pin");
  return (
    <>
      {passkey !== undefined && <ByPasskey options={passkey} onProved={onProved} />}
      {ways.includes("provider") && <ProviderWay />}
      {ways.length === 0 && <p>{t("presence.logInAgain")}</p>}
      {typed.map((way) => (
        <Way key={way} way={way} isOnly={ways.length === 1} onProved={onProved} />
      ))}
    </>
  );
}

function ByPasskey({ options, onProved }: { readonly options: object; readonly onProved: () => void }): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [offered, setOffered] = useState(options);
  const prove = (): void =>
    task.run(async () => {
      try {
        await client.provePresence({ passkey: await askPasskey(offered) });
        onProved();
      } catch (error) {
        // a challenge holds once
        setOffered((await client.presenceWays()).passkey ?? offered);
        if (!wasGivenUp(error)) throw error;
      }
    });
  return (
    <div className="dw-presence">
      <Button data-autofocus leftSection={<IconKey size={16} />} loading={task.busy} onClick={prove}>
        {t("presence.byPasskey")}
      </Button>
      {task.failure !== undefined && <Failure message={task.failure} code={task.code} />}
    </div>
  );
}

interface WayProps {
  readonly way: "code" | "password" | "pin";
  /** Otherwise it stands below the passkey. */
  readonly isOnly: boolean;
  readonly onProved: () => void;
}

/** At the provider of the company. The page is left for it, and what was asked for is asked for again. */
function ProviderWay(): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const { provider } = useLoad((signal) => client.sessionProvider({ signal }), []).value ?? {};
  if (provider === undefined) return null;
  const go = (): void =>
    task.run(async () =>
      location.assign(await client.beginSignIn(provider.id, { returnTo: location.pathname + location.search, proves: true })),
    );
  return (
    <div className="dw-presence">
      <p className="dw-fine">{t("presence.providerText", { name: provider.name })}</p>
      <Button loading={task.busy} onClick={go}>
        {t("presence.providerGo", { name: provider.name })}
      </Button>
      {task.failure !== undefined && <p role="alert">{taskError(task)}</p>}
    </div>
  );
}

/** A code or the password. */
function Way({ way, isOnly, onProved }: WayProps): ReactNode {
  const { client } = useStudio();
  const { t } = useWords();
  const task = useTask();
  const [text, setText] = useState("");
  const field = { value: text, error: taskError(task), ...(isOnly && { "data-autofocus": true }) } as const;
  return (
    <form
      className="dw-presence"
      onSubmit={(event) => {
        event.preventDefault();
        task.run(async () => {
          await client.provePresence(way === "code" ? { code: text } : way === "pin" ? { pin: text } : { password: text });
          onProved();
        });
      }}
    >
      {way !== "code" ? (
        <PasswordInput
          {...field}
          label={t(way === "pin" ? "settings.pin" : "login.password")}
          inputMode={way === "pin" ? "numeric" : "text"}
          autoComplete={way === "pin" ? "off" : "current-password"}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      ) : (
        <TextInput
          {...field}
          label={t("login.code")}
          autoComplete="one-time-code"
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Button type="submit" variant={isOnly ? "filled" : "default"} loading={task.busy} disabled={text.trim() === ""}>
        {t("presence.go")}
      </Button>
    </form>
  );
}
